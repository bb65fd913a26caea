"""Who did, and who read, what; tasks that need a person; jobs and their progress."""
