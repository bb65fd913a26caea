"""Standing reasons to come back, the day each falls due, and the planner that writes once for each occasion."""
