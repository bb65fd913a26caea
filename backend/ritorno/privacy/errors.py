"""Refusals of the privacy desk."""

from ritorno.kit.problems import Problem


class RequestNotFound(Problem):
    status = 404
    code = "privacy-request-not-found"
    title = "There is no such request"


class RequestClosed(Problem):
    status = 409
    code = "privacy-request-closed"
    title = "This request was answered or taken back"


class IdentityMissing(Problem):
    status = 409
    code = "identity-missing"
    title = "First make sure who is asking"


class IdentityKnown(Problem):
    status = 409
    code = "identity-known"
    title = "It is known already who is asking"


class NoStoredContact(Problem):
    status = 409
    code = "no-stored-contact"
    title = "There is no stored address a link could be sent to"


class ExtensionRefused(Problem):
    status = 409
    code = "extension-refused"
    title = "The term can be extended once, within the first month"


class ReasonMissing(Problem):
    status = 422
    code = "reason-missing"
    title = "A request that is not granted in full needs its reason"


class PackNotFound(Problem):
    status = 404
    code = "privacy-pack-not-found"
    title = "There is no such pack"


class PackNotAsked(Problem):
    status = 409
    code = "pack-not-asked"
    title = "Only a request for access or portability is answered with a pack"


class PackNotReady(Problem):
    status = 409
    code = "pack-not-ready"
    title = "The pack is not there yet"


class PackExpired(Problem):
    status = 410
    code = "pack-expired"
    title = "The pack was removed after seven days: make a new one"
