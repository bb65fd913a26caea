"""Archives of any size, straight into the lake: Parquet partitioned by month, whose lines name nobody.

A line carries a random pseudonym; only `lake_pseudonyms` links it to a person, and for no longer than the retention
window (RULES C-30). PostgreSQL keeps the manifest of what was loaded and the sums the profiles begin with.
"""
