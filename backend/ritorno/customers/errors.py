"""Refusals of the card."""

from ritorno.kit.problems import Problem


class CustomerNotFound(Problem):
    status = 404
    code = "customer-not-found"
    title = "There is no such customer"


class ContactPointNotFound(Problem):
    status = 404
    code = "contact-point-not-found"
    title = "There is no such contact point"


class NoteNotFound(Problem):
    status = 404
    code = "note-not-found"
    title = "There is no such note"


class IdentifierTaken(Problem):
    status = 409
    code = "identifier-taken"
    title = "This card or key already belongs to another customer"


class CustomerErased(Problem):
    status = 409
    code = "customer-erased"
    title = "This card was erased at the person's request"


class EvidenceMissing(Problem):
    status = 422
    code = "evidence-missing"
    title = "A contact point is raised only with evidence"


class CustomerMerged(Problem):
    status = 409
    code = "customer-merged"
    title = "This card is part of another one"
