"""Refusals of erasure, restriction and death."""

from ritorno.kit.problems import Problem


class ErasureNotFound(Problem):
    status = 404
    code = "erasure-not-found"
    title = "There is no such erasure"


class HoldNotFound(Problem):
    status = 404
    code = "hold-not-found"
    title = "There is no such hold"


class ProcessorErasureNotFound(Problem):
    status = 404
    code = "processor-erasure-not-found"
    title = "There is no processor to tell under this id"


class CardRestricted(Problem):
    status = 409
    code = "card-restricted"
    title = "This card is restricted already"


class CardNotRestricted(Problem):
    status = 409
    code = "card-not-restricted"
    title = "This card is not restricted"


class PersonNotTold(Problem):
    status = 409
    code = "person-not-told"
    title = "Tell the person before the restriction is lifted"


class DeathNotReported(Problem):
    status = 409
    code = "death-not-reported"
    title = "Nobody reported this person's death"


class FutureDay(Problem):
    status = 422
    code = "future-day"
    title = "This day has not come yet"
