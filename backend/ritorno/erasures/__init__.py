"""Forgetting a person, restricting one and remembering the dead: the verbs of every domain in one unit of work
(C-24, C-26, B-53).
"""
