"""Files in: upload, map, rehearse, apply, undo. What a file did is known row by row, so that it can be taken back."""
