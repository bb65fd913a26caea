"""Refusals of accountability."""

from ritorno.kit.problems import Problem


class ProcessingNotRegistered(Problem):
    status = 409
    code = "processing-not-registered"
    title = "The register of processing does not know this yet"


class ActivityNotFound(Problem):
    status = 404
    code = "processing-activity-not-found"
    title = "There is no such row in the register"


class ActivityCodeTaken(Problem):
    status = 409
    code = "processing-activity-code-taken"
    title = "Another row of the register has this code"


class ActivityEnded(Problem):
    status = 409
    code = "processing-activity-ended"
    title = "This processing has ended"


class ProcessorNotFound(Problem):
    status = 404
    code = "processor-not-found"
    title = "There is no such processor"


class ProcessorNameTaken(Problem):
    status = 409
    code = "processor-name-taken"
    title = "Another processor has this name"


class IncidentNotFound(Problem):
    status = 404
    code = "incident-not-found"
    title = "There is no such incident"


class IncidentClosed(Problem):
    status = 409
    code = "incident-closed"
    title = "This incident is closed"


class SilenceNotAllowed(Problem):
    status = 409
    code = "silence-not-allowed"
    title = "A risk like this must be told to the authority"


class DocumentNotFound(Problem):
    status = 404
    code = "document-not-found"
    title = "There is no such document"
