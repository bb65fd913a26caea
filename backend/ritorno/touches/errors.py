"""What touches refuse."""

from ritorno.kit.problems import Problem


class TouchNotFound(Problem):
    status = 404
    code = "touch-not-found"
    title = "There is no such touch"
