"""The closed vocabularies of consent (C-02, C-03, C-04, C-08, D-09)."""

from enum import StrEnum


class Term(StrEnum):
    """A word of a closed list; it hashes as its text, because the gate looks thousands of them up per millisecond."""

    __hash__ = str.__hash__


class Purpose(Term):
    """Why we would use the data (C-02)."""

    SERVICE = "SERVICE"
    LEGAL_SAFETY = "LEGAL_SAFETY"
    LOYALTY = "LOYALTY"
    MKT_OWN = "MKT_OWN"
    PROFILING = "PROFILING"
    THIRD_PARTY = "THIRD_PARTY"
    MARKET_RESEARCH = "MARKET_RESEARCH"
    STATS_AGG = "STATS_AGG"
    TRACK_OPEN = "TRACK_OPEN"
    TRACK_CLICK = "TRACK_CLICK"
    SPECIAL_CAT = "SPECIAL_CAT"


class Channel(Term):
    """How we would reach the person (C-03)."""

    EMAIL = "EMAIL"
    SMS = "SMS"
    WHATSAPP = "WHATSAPP"
    PUSH = "PUSH"
    PHONE_OPERATOR = "PHONE_OPERATOR"
    PHONE_AUTO = "PHONE_AUTO"
    POST = "POST"
    FAX = "FAX"


class LegalBasis(Term):
    """What makes it lawful (C-04): exactly one per decision."""

    CONSENT = "CONSENT_6_1_A"
    EXPLICIT = "EXPLICIT_9_2_A"
    SOFT_OPTIN = "SOFT_OPTIN_130_4"
    CONTRACT = "CONTRACT_6_1_B"
    PRECONTRACT = "PRECONTRACT_6_1_B"
    LEGAL_OBLIGATION = "LEGAL_OBL_6_1_C"
    VITAL = "VITAL_6_1_D"
    LEGITIMATE_INTEREST = "LEGIT_INT_6_1_F"
    NONE = "NONE"


class Action(Term):
    """What one ledger entry says (C-08)."""

    GRANT_PENDING = "GRANT_PENDING"
    GRANT = "GRANT"
    DENY = "DENY"
    WITHDRAW = "WITHDRAW"
    OBJECT = "OBJECT"
    INVALIDATE = "INVALIDATE"
    EXPIRE = "EXPIRE"


class Party(Term):
    """Who acted in one ledger entry (the `actor` of C-08)."""

    SUBJECT = "SUBJECT"
    PARENT = "PARENT"
    STAFF = "STAFF"
    IMPORT = "IMPORT"
    SYSTEM = "SYSTEM"
    REGISTRY = "REGISTRY"


class Method(Term):
    """By which means it was said (C-08)."""

    WEB = "WEB"
    POS_TABLET = "POS_TABLET"
    POS_PAPER = "POS_PAPER"
    PHONE_REC = "PHONE_REC"
    EMAIL_LINK = "EMAIL_LINK"
    LIST_UNSUB_POST = "LIST_UNSUB_POST"
    SMS_KEYWORD = "SMS_KEYWORD"
    LETTER = "LETTER"
    PEC = "PEC"
    API = "API"
    IMPORT = "IMPORT"
    RPO = "RPO"
    ORAL = "ORAL"


class Level(Term):
    """How sure we are that a contact point belongs to the person (C-13)."""

    UNVERIFIED = "UNVERIFIED"
    DELIVERED_OK = "DELIVERED_OK"
    CONFIRMED = "CONFIRMED"


class Standing(Term):
    """Where the fold of the ledger leaves one purpose on one channel (C-10)."""

    GRANTED = "GRANTED"
    PENDING = "PENDING"
    UNPROVEN = "UNPROVEN"
    LAPSED = "LAPSED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    OBJECTED = "OBJECTED"


class Verdict(Term):
    """What the gate answers (D)."""

    ALLOW = "ALLOW"
    DENY = "DENY"
    DEFER = "DEFER"
    REVIEW = "REVIEW"


class Passage(Term):
    """What one gate did with a question, for whoever asks why."""

    PASSED = "passed"
    DENIED = "denied"
    DEFERRED = "deferred"
    REVIEW = "review"
    NOT_ASKED = "not_asked"
    """The gate does not concern this question, or an earlier one has settled it."""


class Family(Term):
    """How a screen should feel about the answer: a closed door and an open question must never look alike (UX §2)."""

    ALLOWED = "allowed"
    SAID_NO = "said_no"
    TO_FIX = "to_fix"
    NOT_ASKED = "not_asked"
    LATER = "later"
    REVIEW = "review"


class TemplateClass(Term):
    """What a template was written as (G13)."""

    MARKETING = "MARKETING"
    SERVICE = "SERVICE"


class ServiceKind(Term):
    """What a message that calls itself service is about (D-S1…S9); some of them are no service at all."""

    ORDER = "ORDER"
    REQUESTED = "REQUESTED"
    """A quote or an alert the person asked for."""
    AFTER_SALES = "AFTER_SALES"
    RIGHTS = "RIGHTS"
    """An answer to a request about their data, the notice of a breach, a receipt of an objection."""
    CODE = "CODE"
    """A code or a link that proves an address: ordinary service, but no use an hour later (D-S1)."""
    SURVEY = "SURVEY"
    WISH = "WISH"
    CART = "CART"
    WIN_BACK = "WIN_BACK"


class SuppressionReason(Term):
    """Why an address is on the do-not-contact list (C-25)."""

    UNSUB = "UNSUB"
    ERASED = "ERASED"
    COMPLAINT = "COMPLAINT"
    HARD_BOUNCE = "HARD_BOUNCE"
    MANUAL = "MANUAL"
    IMPORT = "IMPORT"


class SuppressionScope(Term):
    """How far a suppression reaches (G8): marketing only, or every message."""

    MARKETING = "MARKETING"
    ALL = "ALL"


class EvidenceKind(Term):
    """What an evidence file shows (C-13)."""

    SCAN = "SCAN"
    SIGNATURE = "SIGNATURE"


class AssessmentKind(Term):
    """What a signed assessment covers."""

    LIA_POST = "LIA_POST"
    LIA_PHONE = "LIA_PHONE"
    """Calling numbers of the public directory (D-T5)."""
    RETENTION = "RETENTION"
    """Tracing purchases to a person for longer than 24 months (C-30)."""


class Reason(Term):
    """Why the answer is not yes (D-09): a closed list, each with its words in `consents.words`."""

    SENDER_NOT_READY = "SENDER_NOT_READY"
    ERASED = "ERASED"
    MERGED = "MERGED"
    DECEASED = "DECEASED"
    RESTRICTED = "RESTRICTED"
    BAD_CONTACT_POINT = "BAD_CONTACT_POINT"
    HARD_BOUNCE = "HARD_BOUNCE"
    COMPLAINT = "COMPLAINT"
    SUPPRESSED = "SUPPRESSED"
    SUPPRESSED_ERASED = "SUPPRESSED_ERASED"
    OBJECTED = "OBJECTED"
    WITHDRAWN = "WITHDRAWN"
    REFUSED = "REFUSED"
    CONSENT_PENDING = "CONSENT_PENDING"
    UNPROVEN = "UNPROVEN"
    MINOR = "MINOR"
    NO_BASIS = "NO_BASIS"
    NO_CONSENT = "NO_CONSENT"
    NO_SALE = "NO_SALE"
    NOT_SIMILAR = "NOT_SIMILAR"
    NOT_OWN_PRODUCT = "NOT_OWN_PRODUCT"
    NOTICE_MISSING = "NOTICE_MISSING"
    SOFT_OPTIN_EMAIL_ONLY = "SOFT_OPTIN_EMAIL_ONLY"
    RPO_REVOKED = "RPO_REVOKED"
    RPO_LATER_CONSENT = "RPO_LATER_CONSENT"
    RPO_STALE = "RPO_STALE"
    RPO_POST = "RPO_POST"
    LIA_MISSING = "LIA_MISSING"
    NO_THIRD_PARTY = "NO_THIRD_PARTY"
    NO_PROFILING = "NO_PROFILING"
    CONSENT_EXPIRED_FR = "CONSENT_EXPIRED_FR"
    TEMPLATE_MISMATCH = "TEMPLATE_MISMATCH"
    PROMO_IN_SERVICE = "PROMO_IN_SERVICE"
    SECTOR_RULE = "SECTOR_RULE"
    QUIET_HOURS = "QUIET_HOURS"
    FREQ_CAP = "FREQ_CAP"
    CHECK_UNAVAILABLE = "CHECK_UNAVAILABLE"
    MERGE_MISSING = "MERGE_MISSING"
    BUNDLED_CONSENT = "BUNDLED_CONSENT"
    BAD_TIME = "BAD_TIME"
    BAD_PHONE = "BAD_PHONE"
    HOLDOUT = "HOLDOUT"
    ARBITRATED = "ARBITRATED"
    TOO_LATE = "TOO_LATE"


FOR_ALL_CHANNELS = frozenset(
    {
        Purpose.PROFILING,
        Purpose.THIRD_PARTY,
        Purpose.TRACK_OPEN,
        Purpose.TRACK_CLICK,
        Purpose.SPECIAL_CAT,
        Purpose.STATS_AGG,
    }
)
"""Purposes whose consent carries no channel: it holds for all (DESIGN §5)."""

MARKETING_PURPOSES = frozenset({Purpose.MKT_OWN, Purpose.MARKET_RESEARCH})
"""Purposes that need a marketing template, obey quiet hours and count against the cap."""

NEGATIVE = frozenset({Standing.REFUSED, Standing.WITHDRAWN, Standing.OBJECTED})
"""Standings by which the person said no."""
