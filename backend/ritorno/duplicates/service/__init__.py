"""Every change of duplicates: finding pairs, deciding on them, merging two cards and separating them again."""
