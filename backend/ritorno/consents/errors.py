"""Refusals of consent."""

from ritorno.kit.problems import Problem


class BadTime(Problem):
    status = 422
    code = "bad-time"
    title = "The moment is impossible: in the future, before birth, or before the text existed"


class MinorConsent(Problem):
    status = 409
    code = "minor"
    title = "At this age the person cannot say yes to this; a parent's yes is needed, or none counts"


class ObjectionStands(Problem):
    status = 403
    code = "objection-stands"
    title = "The person objected; only the privacy officer may record a newer yes, with its proof"


class PersonalDataInEvidence(Problem):
    status = 422
    code = "personal-data-in-evidence"
    title = "Evidence is a reference and a hash: it may not hold personal data"


class NoticeNotFound(Problem):
    status = 404
    code = "notice-not-found"
    title = "There is no such notice"


class NoticeCodeTaken(Problem):
    status = 409
    code = "notice-code-taken"
    title = "Another notice already has this code"


class NoticeVersionTaken(Problem):
    status = 409
    code = "notice-version-taken"
    title = "This version already has a text in this language, and texts never change"


class AssessmentNotFound(Problem):
    status = 404
    code = "assessment-not-found"
    title = "No such assessment was signed yet"


class SuppressionNotFound(Problem):
    status = 404
    code = "suppression-not-found"
    title = "This address is not on the list for that reason"


class SuppressionStays(Problem):
    status = 409
    code = "suppression-stays"
    title = "A complaint or a dead address is lifted only after the address was verified again"


class EvidenceNotFound(Problem):
    status = 404
    code = "evidence-not-found"
    title = "We hold no file with this hash"


class EvidenceUnreadable(Problem):
    status = 422
    code = "evidence-unreadable"
    title = "This is neither a PDF nor a picture that can be kept"


class ConsentFormNotFound(Problem):
    status = 404
    code = "consent-form-not-found"
    title = "There is no such form"


class ConsentFormCodeTaken(Problem):
    status = 409
    code = "consent-form-code-taken"
    title = "Another form already has this code"


class ConsentFormHasNoDraft(Problem):
    status = 409
    code = "consent-form-has-no-draft"
    title = "There is no draft to publish; what was published never changes"


class ConsentFormNotPublished(Problem):
    status = 409
    code = "consent-form-not-published"
    title = "Nobody can have filled in a form that was not published"


class ConsentFormRefused(Problem):
    status = 422
    code = "consent-form-refused"
    title = "This form would ask for consent in a way that does not count"
