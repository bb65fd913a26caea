"""How long each kind of data is kept, and the nightly work that lets it go (C-30, C-31)."""
