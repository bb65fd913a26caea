"""The telephone: whom to call, what to say, and what came of it (D-T1…D-T4)."""
