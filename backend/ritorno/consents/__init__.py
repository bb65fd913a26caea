"""What each person agreed to or refused: notices, the append-only ledger, suppressions.

The gate that decides every contact lives in `rules`; no second copy of its logic exists, in SQL or elsewhere.
"""
