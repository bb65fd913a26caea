"""What is refused about texts."""

from ritorno.kit.problems import Problem


class BadSignature(Problem):
    """The same answer whatever is wrong: whoever guesses learns nothing."""

    status = 403
    code = "bad-signature"
    title = "This call does not carry the provider's signature"


class InboundTextNotFound(Problem):
    status = 404
    code = "inbound-text-not-found"
    title = "There is no such text"


class InboundTextHandled(Problem):
    status = 409
    code = "inbound-text-handled"
    title = "Somebody has dealt with this text already"
