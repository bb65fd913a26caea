"""The public register of oppositions (RPO): its answers for each number, with their date (D-T1…D-T8)."""
