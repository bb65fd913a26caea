"""The ways a message leaves. A transport is handed a small group with no unit of work open, and says what became of
each letter.
"""
