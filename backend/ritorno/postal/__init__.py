"""Letters: batches for the printer, pieces with their codes, returned mail (D-P1…D-P4)."""
