"""What campaigns refuse."""

from ritorno.kit.problems import Problem


class CampaignNotFound(Problem):
    status = 404
    code = "campaign-not-found"
    title = "There is no such campaign"


class RehearsalNotFound(Problem):
    status = 404
    code = "rehearsal-not-found"
    title = "This campaign was not rehearsed yet"


class ActNotNow(Problem):
    status = 409
    code = "campaign-state"
    title = "The campaign's state does not allow this"


class CampaignIncomplete(Problem):
    status = 409
    code = "campaign-incomplete"
    title = "Choose a segment and a template first"


class RehearsalStale(Problem):
    """The campaign, its segment or its template changed after the rehearsal that was approved."""

    status = 409
    code = "rehearsal-stale"
    title = "Something changed since the rehearsal: rehearse again"


class NotMeasured(Problem):
    status = 404
    code = "not-measured"
    title = "Nothing was launched yet, so there is nothing to measure"
