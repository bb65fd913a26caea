"""Personal data given to a named third party: to whom, for what, about whom, and who was told afterwards (C-19)."""
