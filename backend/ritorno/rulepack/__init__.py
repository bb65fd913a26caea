"""Dated numbers of the law, one folder per country: `it/2026-01-01.json` holds from its date until the next file.

Hours, holidays, caps, terms and ages live here and never in code; counsel reads these files, not ours.
"""
