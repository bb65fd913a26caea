"""Refusals of disclosures."""

from ritorno.kit.problems import Problem


class RecipientNotFound(Problem):
    status = 404
    code = "recipient-not-found"
    title = "There is no such recipient"


class RecipientNameTaken(Problem):
    status = 409
    code = "recipient-name-taken"
    title = "Another recipient has this name"


class RecipientInactive(Problem):
    status = 409
    code = "recipient-inactive"
    title = "Nothing may be given to this recipient"


class RecipientNotNamed(Problem):
    status = 409
    code = "recipient-not-named"
    title = "No text shown to people names this recipient"


class DisclosureNoticeNotFound(Problem):
    status = 404
    code = "disclosure-notice-not-found"
    title = "There is no such notice to a recipient"
