"""What messaging refuses."""

from ritorno.kit.problems import Problem


class TemplateNotFound(Problem):
    status = 404
    code = "template-not-found"
    title = "There is no such template"


class TemplateNotReady(Problem):
    status = 409
    code = "template-not-ready"
    title = "This template cannot be sent as it is"


class TemplateChannelMismatch(Problem):
    status = 422
    code = "template-channel-mismatch"
    title = "This template was written for another channel"


class SenderNotFound(Problem):
    status = 404
    code = "sender-not-found"
    title = "There is no such sender"


class MessageNotFound(Problem):
    status = 404
    code = "message-not-found"
    title = "There is no such message"


class MessageNotInDoubt(Problem):
    status = 409
    code = "message-not-in-doubt"
    title = "Only a message in doubt waits for an answer"


class ContactRefused(Problem):
    """The gate's no to one message; `reason`, `rule_id` and `family` say why."""

    status = 409
    code = "contact-refused"
    title = "This person may not be written to like this"


class AddressNotInUse(Problem):
    status = 409
    code = "address-not-in-use"
    title = "Only the address that messages go to can be confirmed on this channel"


class ConfirmationNotFound(Problem):
    status = 404
    code = "confirmation-not-found"
    title = "Nobody was asked to confirm this"


class ConfirmationTooOften(Problem):
    status = 429
    code = "confirmation-too-often"
    title = "This address was asked several times already; it is asked again later"


class SigningKeyUnfit(Problem):
    status = 422
    code = "signing-key-unfit"
    title = "This key cannot sign mail"


class SigningKeyNotFound(Problem):
    status = 404
    code = "signing-key-not-found"
    title = "This sender has no signing key"
