"""The card: people and companies, the ways to reach them and the ways to recognise them.

A contact value never changes in place: a new value is a new, unverified contact point (C-23), so what was proven about
the old one stays with it.
"""
