"""What deliverability refuses."""

from ritorno.kit.problems import Problem


class StreamNotHeld(Problem):
    status = 409
    code = "stream-not-held"
    title = "This stream is not held"
