"""Whether two cards are one person: cards brought to one spelling, a Splink model of their own, and the tiers.

Only `model` knows Splink and DuckDB, and imports them when a search runs.
"""
