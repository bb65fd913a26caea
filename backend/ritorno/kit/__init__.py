"""Tools that do not know what a customer is."""
