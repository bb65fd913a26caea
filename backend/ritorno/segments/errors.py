"""What segments refuse."""

from ritorno.kit.problems import Problem


class SegmentNotFound(Problem):
    status = 404
    code = "segment-not-found"
    title = "There is no such segment"


class ConditionPointsNowhere(Problem):
    status = 422
    code = "condition-points-nowhere"
    title = "A condition names a category, product, brand or store that does not exist"
