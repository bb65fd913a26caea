"""Refusals of imports."""

from ritorno.kit.problems import Problem


class ImportNotFound(Problem):
    status = 404
    code = "import-not-found"
    title = "There is no such import"


class ImportMappingNotFound(Problem):
    status = 404
    code = "import-mapping-not-found"
    title = "There is no mapping of that name"


class FileUnreadable(Problem):
    status = 422
    code = "file-unreadable"
    title = "This file cannot be read"


class MappingIncomplete(Problem):
    status = 409
    code = "mapping-incomplete"
    title = "The columns are not all decided yet"


class ImportNotReady(Problem):
    status = 409
    code = "import-not-ready"
    title = "The import is not at a point where this is possible"


class ImportFileGone(Problem):
    status = 410
    code = "import-file-gone"
    title = "The uploaded file is no longer kept"
