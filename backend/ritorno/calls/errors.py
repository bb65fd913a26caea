"""Refusals of the call list."""

from ritorno.kit.problems import Problem


class CallNotFound(Problem):
    status = 404
    code = "call-not-found"
    title = "This person is not with you to be called"
