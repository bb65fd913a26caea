"""Files of any kind, read without a database: what a file is, its rows as text, what a cell means, which field a
column may be. Every doubt is a finding with a code; no row and no cell is passed over in silence.
"""
