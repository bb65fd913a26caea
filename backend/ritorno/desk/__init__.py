"""Composed reads for screens: Today, the customer list, the card, the timeline."""
