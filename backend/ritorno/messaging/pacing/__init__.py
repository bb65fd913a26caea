"""How fast each stream may write to each receiver (E-17), and how a young domain is made known (E-18)."""
