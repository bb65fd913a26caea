"""Purchases and returns with their lines, from any source, and the running profile they feed.

The lines are the truth; `profiles` and `category_profiles` are projections kept in the same unit of work, and a test
rebuilds them and compares.
"""
