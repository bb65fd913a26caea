"""Refusals of exports."""

from ritorno.kit.problems import Problem


class ExportNotFound(Problem):
    status = 404
    code = "export-not-found"
    title = "There is no such export"


class ExportNotReady(Problem):
    status = 409
    code = "export-not-ready"
    title = "The file is not there yet"


class ExportExpired(Problem):
    status = 410
    code = "export-expired"
    title = "The file was removed: ask for a new one"
