"""From the rows of a file to what they change, one module for each kind. A rehearsal runs the very same code on shadows
of the tables (`rehearsing.py`), so what it counts is what an application does.
"""
