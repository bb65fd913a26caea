"""Two cards of one person: found, compared, merged, and separated again."""
