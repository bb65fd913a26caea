"""One occasion to contact people: the frozen audience, its control group, and what it earned.

Each launch of a campaign and each run of a recall is a touch; everyone in its audience has exactly one row, whatever
the outcome.
"""
