"""Refusals about pairs and merges."""

from ritorno.kit.problems import Problem


class PairNotFound(Problem):
    status = 404
    code = "pair-not-found"
    title = "There is no such pair of cards"


class PairMerged(Problem):
    status = 409
    code = "pair-merged"
    title = "These two cards are one already"


class MergeNotFound(Problem):
    status = 404
    code = "merge-not-found"
    title = "There is no such merge"


class MergeUndone(Problem):
    status = 409
    code = "merge-undone"
    title = "Somebody separated these two cards"


class MergeNotLast(Problem):
    status = 409
    code = "merge-not-last"
    title = "Another merge of this card came later"
