"""Refusals of retention."""

from ritorno.kit.problems import Problem


class PeriodFixed(Problem):
    status = 409
    code = "retention-period-fixed"
    title = "This period cannot be changed"


class PeriodNeedsAssessment(Problem):
    status = 409
    code = "retention-needs-assessment"
    title = "A longer period needs a signed assessment"


class PeriodsOutOfOrder(Problem):
    status = 409
    code = "retention-out-of-order"
    title = "A purchase cannot be used for longer than it is traced"
