"""The filter language, its SQL compiler, saved filters and the answer to "why is she in it".

A segment is a tree of conditions; it compiles to one parameterised statement, reads back as a sentence, counts exactly
and explains itself.
"""
