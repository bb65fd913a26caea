"""Ritorno keeps a shop's customers and brings them back, only where it is welcome."""
