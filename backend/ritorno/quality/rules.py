"""What a card should hold, what it scores, and the one thing worth asking next (DESIGN §4): plain functions of plain
values.

Nothing sensitive is a field here (C-21), a no is not asked again for a year, and a consent that was asked counts
whatever the answer: the score rewards asking, not being told yes.
"""

from calendar import isleap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Code(StrEnum):
    """A word of a closed list; it hashes as its text, because assessing a batch looks hundreds of thousands up."""

    __hash__ = str.__hash__


class QualityField(Code):
    """What is measured, in the order it is worth asking within a rank.

    The language is not here: a card always has one, so nobody could tell a known language from an assumed one.
    """

    EMAIL = "email"
    PHONE = "phone"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    CONSENT_EMAIL = "consent_email"
    CONSENT_SMS = "consent_sms"
    PROFILING = "profiling"
    CARD_NUMBER = "card_number"
    BIRTH_ON = "birth_on"
    ADDRESS = "address"
    HOME_STORE = "home_store"
    CONSENT_PHONE = "consent_phone"
    CONSENT_POST = "consent_post"
    GENDER = "gender"
    SOURCE = "source"


class Part(Code):
    IDENTITY = "identity"
    CONTACTS = "contacts"
    CONSENT = "consent"
    DEMOGRAPHICS = "demographics"
    FRESHNESS = "freshness"


FIELDS_OF: dict[Part, tuple[QualityField, ...]] = {
    Part.IDENTITY: (QualityField.FAMILY_NAME, QualityField.GIVEN_NAME, QualityField.CARD_NUMBER),
    Part.CONTACTS: (QualityField.EMAIL, QualityField.PHONE, QualityField.ADDRESS),
    Part.CONSENT: (
        QualityField.CONSENT_EMAIL,
        QualityField.CONSENT_SMS,
        QualityField.CONSENT_PHONE,
        QualityField.CONSENT_POST,
        QualityField.PROFILING,
    ),
    Part.DEMOGRAPHICS: (QualityField.BIRTH_ON, QualityField.GENDER, QualityField.HOME_STORE, QualityField.SOURCE),
    Part.FRESHNESS: (),
}
PART_OF = {each: part for part, fields in FIELDS_OF.items() for each in fields}

OF_PEOPLE_ONLY = frozenset({QualityField.GIVEN_NAME, QualityField.BIRTH_ON, QualityField.GENDER})
"""A company has none of these, and lacks none."""

_MARKETING = {
    QualityField.CONSENT_EMAIL: QualityField.EMAIL,
    QualityField.CONSENT_SMS: QualityField.PHONE,
    QualityField.CONSENT_PHONE: QualityField.PHONE,
    QualityField.CONSENT_POST: QualityField.ADDRESS,
}
"""The consents to be written to or called, each with the address it would use."""


class Rank(Code):
    """How much the owner wants a field; `unused` is neither scored nor asked, for what the shop has no need of
    (C-22).
    """

    ESSENTIAL = "essential"
    USEFUL = "useful"
    EXTRA = "extra"
    UNUSED = "unused"


WEIGHTS = {Rank.ESSENTIAL: 4, Rank.USEFUL: 2, Rank.EXTRA: 1, Rank.UNUSED: 0}

DEFAULT_RANKS: dict[QualityField, Rank] = {
    QualityField.EMAIL: Rank.ESSENTIAL,
    QualityField.PHONE: Rank.ESSENTIAL,
    QualityField.FAMILY_NAME: Rank.ESSENTIAL,
    QualityField.GIVEN_NAME: Rank.ESSENTIAL,
    QualityField.CONSENT_EMAIL: Rank.ESSENTIAL,
    QualityField.CONSENT_SMS: Rank.USEFUL,
    QualityField.PROFILING: Rank.USEFUL,
    QualityField.CARD_NUMBER: Rank.USEFUL,
    QualityField.BIRTH_ON: Rank.USEFUL,
    QualityField.ADDRESS: Rank.USEFUL,
    QualityField.HOME_STORE: Rank.USEFUL,
    QualityField.CONSENT_PHONE: Rank.EXTRA,
    QualityField.CONSENT_POST: Rank.EXTRA,
    QualityField.GENDER: Rank.EXTRA,
    QualityField.SOURCE: Rank.EXTRA,
}

Ranks = Mapping[QualityField, Rank]

FRESHNESS_SHARE = 0.2
"""A fifth of the whole score: complete data nobody confirmed for three years still score 80 at most."""

FRESHNESS_STEPS = ((12, 100), (18, 75), (24, 50), (36, 25))
"""Until so many months after the last confirmation, so many points, then none. Steps, and not a slope, because a card
is then touched four times in its life instead of every night.
"""

STALE_MONTHS = 24
NEVER_UPDATED_MONTHS = 12
ASK_AGAIN_MONTHS = 12
ADULT_MONTHS = 18 * 12
UNVERIFIED_POINTS = 60


class Measure(Code):
    """What is counted over the shop; each is also a list of cards, and the two never disagree because they are one
    column.
    """

    SCORE_BELOW_40 = "score_below_40"
    SCORE_40_TO_59 = "score_40_to_59"
    SCORE_60_TO_79 = "score_60_to_79"
    SCORE_80_OR_MORE = "score_80_or_more"
    MISSING_EMAIL = "missing_email"
    MISSING_PHONE = "missing_phone"
    MISSING_FAMILY_NAME = "missing_family_name"
    MISSING_GIVEN_NAME = "missing_given_name"
    MISSING_CONSENT_EMAIL = "missing_consent_email"
    MISSING_CONSENT_SMS = "missing_consent_sms"
    MISSING_PROFILING = "missing_profiling"
    MISSING_CARD_NUMBER = "missing_card_number"
    MISSING_BIRTH_ON = "missing_birth_on"
    MISSING_ADDRESS = "missing_address"
    MISSING_HOME_STORE = "missing_home_store"
    MISSING_CONSENT_PHONE = "missing_consent_phone"
    MISSING_CONSENT_POST = "missing_consent_post"
    MISSING_GENDER = "missing_gender"
    MISSING_SOURCE = "missing_source"
    BOUNCED = "bounced"
    """An email or phone in use refused a message for good."""
    UNCONFIRMED = "unconfirmed"
    """The email or the phone to use was neither confirmed nor ever reached."""
    STALE = "stale"
    """Nobody confirmed the data for 24 months."""
    NEVER_UPDATED = "never_updated"
    """Made more than 12 months ago, still the first version, never confirmed by staff."""
    COMPANY = "company"


CARDS = "cards"
POINTS = "points"
"""Two more totals, of which there is no list: how many cards there are, and the sum of their scores."""


BANDS = (
    (40, Measure.SCORE_BELOW_40),
    (60, Measure.SCORE_40_TO_59),
    (80, Measure.SCORE_60_TO_79),
    (101, Measure.SCORE_80_OR_MORE),
)
MISSING = {each: Measure(f"missing_{each}") for each in QualityField}


class Reach(Code):
    """How well the best address of a kind reaches the person (C-13)."""

    ABSENT = "absent"
    BOUNCED = "bounced"
    UNVERIFIED = "unverified"
    REACHED = "reached"


_REACH_POINTS = {Reach.ABSENT: 0, Reach.BOUNCED: 0, Reach.UNVERIFIED: UNVERIFIED_POINTS, Reach.REACHED: 100}


class Said(Code):
    """What the person answered when asked; a withdrawal or an objection closes the question for good."""

    YES = "yes"
    PENDING = "pending"
    NO = "no"
    CLOSED = "closed"


class Answer(NamedTuple):
    said: Said
    on: date


@dataclass(frozen=True, slots=True)
class Facts:
    """One card, as far as its quality goes. `filled` holds the plain fields that are known."""

    filled: frozenset[QualityField] = frozenset()
    email: Reach = Reach.ABSENT
    phone: Reach = Reach.ABSENT
    has_mobile: bool = False
    has_bounced: bool = False
    answers: Mapping[QualityField, Answer] = field(default_factory=dict)
    is_company: bool = False
    is_minor_flagged: bool = False
    birth_on: date | None = None
    created_on: date = date.min
    is_changed: bool = False
    confirmed_on: date | None = None


class Why(Code):
    """Why a thing is worth asking."""

    BOUNCED = "bounced"
    MISSING = "missing"
    UNCONFIRMED = "unconfirmed"
    STALE = "stale"
    REFUSED_LONG_AGO = "refused_long_ago"


class Question(NamedTuple):
    """The one thing worth asking at the next visit; no field means: are these still your data?"""

    field: QualityField | None
    why: Why


# ── the score ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def missing_fields(facts: Facts) -> frozenset[QualityField]:
    """Return what the card lacks: no address that works, no answer to a consent, no value."""
    known = facts.filled | facts.answers.keys() | {each for each, reach in _reaches(facts) if reach in _WORKS}
    return _ALL - known - OF_PEOPLE_ONLY if facts.is_company else _ALL - known


_ALL = frozenset(QualityField)
_WORKS = frozenset({Reach.UNVERIFIED, Reach.REACHED})


def _reaches(facts: Facts) -> tuple[tuple[QualityField, Reach], ...]:
    return (QualityField.EMAIL, facts.email), (QualityField.PHONE, facts.phone)


def points(facts: Facts) -> dict[QualityField, int]:
    """Return what each field earns, 0 to 100: an unverified address counts for less, a bounced one for nothing."""
    reached = {each: _REACH_POINTS[reach] for each, reach in _reaches(facts)}
    return dict.fromkeys(_ALL, 100) | dict.fromkeys(missing_fields(facts), 0) | reached


def part_score(facts: Facts, ranks: Ranks, part: Part, today: date) -> int:
    """Return the score of a part, 0 to 100; a part of which nothing is wanted lacks nothing."""
    if part is Part.FRESHNESS:
        return freshness(facts.confirmed_on, today)
    return round(_mean_points(facts, ranks, FIELDS_OF[part]))


def whole_score(facts: Facts, ranks: Ranks, today: date) -> int:
    """Return the score of the card: the fields by the owner's ranks, and how fresh they are."""
    complete = _mean_points(facts, ranks, tuple(PART_OF))
    return round((1 - FRESHNESS_SHARE) * complete + FRESHNESS_SHARE * freshness(facts.confirmed_on, today))


def _mean_points(facts: Facts, ranks: Ranks, fields: tuple[QualityField, ...]) -> float:
    earned = points(facts)
    weights = [WEIGHTS[ranks[each]] for each in fields]
    total = sum(weights)
    return sum(weight * earned[each] for weight, each in zip(weights, fields, strict=True)) / total if total else 100


def freshness(confirmed_on: date | None, today: date) -> int:
    """Return what the age of the last confirmation earns."""
    if confirmed_on is None:
        return 0
    return next((earned for months, earned in FRESHNESS_STEPS if today < add_months(confirmed_on, months)), 0)


# ── what is counted ───────────────────────────────────────────────────────────────────────────────────────────────────


def measures_of(facts: Facts, score: int, today: date) -> frozenset[Measure]:
    """Return every count, and so every list, the card belongs to."""
    found = {MISSING[each] for each in missing_fields(facts)}
    found.add(next(band for below, band in BANDS if score < below))
    if facts.is_company:
        found.add(Measure.COMPANY)
    if facts.has_bounced:
        found.add(Measure.BOUNCED)
    if Reach.UNVERIFIED in (facts.email, facts.phone):
        found.add(Measure.UNCONFIRMED)
    if is_stale(facts, today):
        found.add(Measure.STALE)
    if not facts.is_changed and today >= add_months(facts.created_on, NEVER_UPDATED_MONTHS):
        found.add(Measure.NEVER_UPDATED)
    return frozenset(found)


def is_stale(facts: Facts, today: date) -> bool:
    return facts.confirmed_on is None or today >= add_months(facts.confirmed_on, STALE_MONTHS)


# ── what to ask ───────────────────────────────────────────────────────────────────────────────────────────────────────


def next_question(facts: Facts, ranks: Ranks, today: date) -> Question | None:
    """Return the one thing worth asking: what is essential, then whether all of it still holds, then the rest."""
    essential, *others = (
        sorted(_gaps(facts, ranks, rank, today), key=lambda gap: _URGENCY[gap.why])
        for rank in (Rank.ESSENTIAL, Rank.USEFUL, Rank.EXTRA)
    )
    stale = [Question(None, Why.STALE)] if is_stale(facts, today) else []
    found = [*essential, *stale, *(gap for gaps in others for gap in gaps)]
    return min(found, key=lambda gap: gap.why is Why.REFUSED_LONG_AGO, default=None)


_URGENCY = {why: place for place, why in enumerate(Why)}


def gap_of(facts: Facts, wanted: QualityField) -> Why | None:
    """Return what is wrong with a field, or None."""
    reach = {QualityField.EMAIL: facts.email, QualityField.PHONE: facts.phone}.get(wanted)
    if reach is Reach.BOUNCED:
        return Why.BOUNCED
    if reach is Reach.UNVERIFIED:
        return Why.UNCONFIRMED
    return Why.MISSING if wanted in missing_fields(facts) else None


def _gaps(facts: Facts, ranks: Ranks, rank: Rank, today: date) -> Iterator[Question]:
    for each in QualityField:
        if ranks[each] is not rank:
            continue
        why = gap_of(facts, each)
        if PART_OF[each] is Part.CONSENT:
            if not _may_ask(facts, each, today):
                continue
            if why is None and facts.answers[each].said is Said.NO:
                why = Why.REFUSED_LONG_AGO
        if why is not None:
            yield Question(each, why)


def _may_ask(facts: Facts, wanted: QualityField, today: date) -> bool:
    """Tell whether a consent may be asked: not of a minor (C-17), not for an address that is not there, and not after
    a no.

    A no to one channel is not an invitation to try the next: it holds for a year and for all of marketing.
    """
    if is_minor(facts, today):
        return False
    if wanted is QualityField.PROFILING:
        return not _said_no(facts, (QualityField.PROFILING,), today)
    if _MARKETING[wanted] in missing_fields(facts) or (wanted is QualityField.CONSENT_SMS and not facts.has_mobile):
        return False
    return not _said_no(facts, tuple(_MARKETING), today)


def _said_no(facts: Facts, fields: tuple[QualityField, ...], today: date) -> bool:
    given = [facts.answers[each] for each in fields if each in facts.answers]
    return any(
        answer.said is Said.CLOSED or (answer.said is Said.NO and today < add_months(answer.on, ASK_AGAIN_MONTHS))
        for answer in given
    )


def is_minor(facts: Facts, today: date) -> bool:
    return facts.is_minor_flagged or (facts.birth_on is not None and today < add_months(facts.birth_on, ADULT_MONTHS))


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def recheck_on(facts: Facts, today: date) -> date | None:
    """Return the next day on which time alone changes what is said of the card, or None."""
    coming = [add_months(facts.created_on, NEVER_UPDATED_MONTHS)] if not facts.is_changed else []
    if facts.confirmed_on is not None:
        coming += [add_months(facts.confirmed_on, months) for months, _ in FRESHNESS_STEPS]
    if facts.birth_on is not None:
        coming.append(add_months(facts.birth_on, ADULT_MONTHS))
    coming += [add_months(each.on, ASK_AGAIN_MONTHS) for each in facts.answers.values() if each.said is Said.NO]
    return min((day for day in coming if day > today), default=None)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a shorter month; the calendar ends in 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, 29 if month == 1 and isleap(year) else _DAYS[month]))


_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
