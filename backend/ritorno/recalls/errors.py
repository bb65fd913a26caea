"""What recalls refuse."""

from ritorno.kit.problems import Problem


class RecallNotFound(Problem):
    status = 404
    code = "recall-not-found"
    title = "There is no such recall"


class PeriodTooLong(Problem):
    status = 422
    code = "period-too-long"
    title = "A rehearsal looks at a year at most"
