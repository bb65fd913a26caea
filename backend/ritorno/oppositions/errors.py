"""Refusals of the opposition register."""

from ritorno.kit.problems import Problem


class OppositionFileUnreadable(Problem):
    status = 422
    code = "opposition-file-unreadable"
    title = "This file is not an answer of the register that could be read"
