"""Files out: customers, members of a segment, transactions, messages and results, as CSV, XLSX or NDJSON."""
