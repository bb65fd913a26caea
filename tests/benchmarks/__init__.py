"""What DESIGN §11 holds us to, each measured beside its own limit; run by `make bench`, never a timed test.

A module is named for its benchmark (`ingest_batch.py` is `ingest-batch`) and has `run(scale)`, plain or async, which
returns one result or a list: name, figure, unit, limit, ratio, detail. Scale 1 is 1 M customers and 20 M lines.
"""
