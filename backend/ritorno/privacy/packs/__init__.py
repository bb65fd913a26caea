"""What goes into an access or portability pack, and how it is laid out for people and for machines (C-28)."""
