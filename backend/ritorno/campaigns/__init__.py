"""A message to a segment: drafted, rehearsed, approved, sent, paused and measured."""
