"""What comes back by mail, in closed lists, and the few numbers it is judged by."""

from datetime import datetime, timedelta
from enum import StrEnum


class MailSource(StrEnum):
    IMAP = "imap"
    WEBHOOK = "webhook"
    FOLDER = "folder"


class MailKind(StrEnum):
    """What a mail that came in is."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    """Somebody pressed "this is spam", and their provider told us (E-14)."""
    UNSUBSCRIBE = "unsubscribe"
    """A mail to the address of List-Unsubscribe (E-01)."""
    REPLY = "reply"
    AUTO_REPLY = "auto_reply"
    """An absence, a receipt: nobody wrote it (B-35)."""
    NOTICE = "notice"
    """A report that nothing failed, or not yet."""
    FORGED = "forged"
    """A report with a token we did not write (B-32)."""
    UNATTRIBUTED = "unattributed"
    """It carries no token: a person may say whose it is."""
    UNREADABLE = "unreadable"


class HandledAs(StrEnum):
    """What a person said of a mail."""

    BOUNCE = "bounce"
    REPLY = "reply"
    IGNORED = "ignored"


_OLDEST = timedelta(days=30)


def came_at(dated: datetime | None, now: datetime) -> datetime:
    """Return when a mail came: as it says, where that is likely; it may have waited in a mailbox for a while."""
    return dated if dated is not None and now - _OLDEST < dated <= now else now
