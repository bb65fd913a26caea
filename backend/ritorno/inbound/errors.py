"""What inbound mail refuses."""

from ritorno.kit.problems import Problem


class InboundMailNotFound(Problem):
    status = 404
    code = "inbound-mail-not-found"
    title = "There is no such mail"


class InboundMailHandled(Problem):
    status = 409
    code = "inbound-mail-handled"
    title = "This mail needs nobody any more"
