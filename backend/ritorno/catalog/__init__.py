"""Products, services, categories and brands."""
