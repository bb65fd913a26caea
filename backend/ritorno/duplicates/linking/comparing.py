"""How two cards are compared: for each field its steps, from equal to different, with what is believed of each before
any data is seen.
"""

from typing import NamedTuple

from ritorno.duplicates.linking.tiers import EvidenceField, Level


class Step(NamedTuple):
    """One outcome of a comparison: a condition on `_l` and `_r` columns, how often it holds between two cards of one
    person (m) and of two people (u). `rarity` names the column whose rare values weigh more.
    """

    level: Level
    condition: str
    m: float
    u: float
    rarity: str | None = None


class Comparison(NamedTuple):
    field: EvidenceField
    unknown: str
    steps: tuple[Step, ...]
    is_learnt: bool = True
    """Whether the installation's own cards may correct what is believed."""


OTHERWISE = "else"


def _close(column: str, least: float) -> str:
    """Return the condition for a typing error: one letter added, lost, changed or swapped, or much in common."""
    left, right = f"{column}_l", f"{column}_r"
    return (
        f"jaro_winkler_similarity({left}, {right}) >= {least}"
        f" or (damerau_levenshtein({left}, {right}) <= 1 and length({left}) > 3 and length({right}) > 3)"
    )


def _shared(column: str) -> str:
    return f"list_has_any({column}_l, {column}_r)"


def _first_within(column: str, edits: int) -> str:
    return f"damerau_levenshtein(list_extract({column}_l, 1), list_extract({column}_r, 1)) <= {edits}"


_SWAPPED = (
    "jaro_winkler_similarity(given_l, family_r) >= 0.9 and jaro_winkler_similarity(family_l, given_r) >= 0.9"
    " and jaro_winkler_similarity(given_l, given_r) < 0.9"
)
# An initial is no name: M. and M. may be Marco and Mario, who are twins.
_INITIAL = "(length(given_l) = 1 or length(given_r) = 1) and substr(given_l, 1, 1) = substr(given_r, 1, 1)"
_ANOTHER_ENDING = (
    "length(given_l) = length(given_r) and length(given_l) > 3"
    " and left(given_l, length(given_l) - 1) = left(given_r, length(given_r) - 1)"
    " and right(given_l, 1) in ('a', 'e', 'i', 'o') and right(given_r, 1) in ('a', 'e', 'i', 'o')"
)
"""Paolo and Paola are two names, not a typing error."""
_SHORT_FORM = f"{_shared('given_roots')} or list_has_any(given_roots_l, given_words_r)"
_SHORT_FORM += " or list_has_any(given_words_l, given_roots_r)"
_NEW_YEAR = "substr(birth_l, 5, 4) = '0101'"
"""What forms and files hold where nobody knew the day: it proves little."""
_YEAR, _MONTH, _DAY = "substr(birth_{}, 1, 4)", "substr(birth_{}, 5, 2)", "substr(birth_{}, 7, 2)"


def _equal(one: str, other: str) -> str:
    return f"{one.format('l')} = {other.format('r')}"


_DAY_AND_MONTH_SWAPPED = f"{_equal(_YEAR, _YEAR)} and {_equal(_MONTH, _DAY)} and {_equal(_DAY, _MONTH)}"
_TWO_PARTS_OF_THE_DATE = " + ".join(f"({_equal(part, part)})::int" for part in (_YEAR, _MONTH, _DAY)) + " = 2"

COMPARISONS: tuple[Comparison, ...] = (
    Comparison(
        EvidenceField.GIVEN_NAME,
        "given_l is null or given_r is null",
        (
            Step(Level.SAME, "given_l = given_r and length(given_l) > 1", 0.75, 0.008, rarity="given"),
            Step(Level.SIMILAR, _INITIAL, 0.02, 0.002),
            Step(Level.SIMILAR, _SHORT_FORM, 0.08, 0.004),
            Step(Level.SIMILAR, _SWAPPED, 0.02, 0.000002),
            Step(Level.DIFFERENT, _ANOTHER_ENDING, 0.01, 0.004),
            Step(Level.SIMILAR, _close("given", 0.92), 0.07, 0.004),
            Step(Level.DIFFERENT, OTHERWISE, 0.05, 0.98),
        ),
    ),
    Comparison(
        EvidenceField.FAMILY_NAME,
        "family_l is null or family_r is null",
        (
            Step(Level.SAME, "family_l = family_r", 0.78, 0.001, rarity="family"),
            Step(Level.SIMILAR, _SWAPPED, 0.02, 0.000002),
            Step(
                Level.SIMILAR,
                "list_has_all(family_words_l, family_words_r) or list_has_all(family_words_r, family_words_l)",
                0.03,
                0.0005,
            ),
            Step(Level.SIMILAR, _close("family", 0.92), 0.1, 0.002),
            Step(Level.DIFFERENT, OTHERWISE, 0.07, 0.9965),
        ),
    ),
    Comparison(
        EvidenceField.BIRTH_ON,
        "birth_l is null or birth_r is null",
        (
            Step(Level.SIMILAR, f"birth_l = birth_r and {_NEW_YEAR}", 0.01, 0.00002, rarity="birth"),
            Step(Level.SAME, "birth_l = birth_r", 0.87, 0.00004, rarity="birth"),
            Step(
                Level.SIMILAR,
                f"damerau_levenshtein(birth_l, birth_r) <= 1 or ({_DAY_AND_MONTH_SWAPPED})",
                0.08,
                0.001,
            ),
            Step(Level.SIMILAR, _TWO_PARTS_OF_THE_DATE, 0.02, 0.003),
            Step(Level.DIFFERENT, OTHERWISE, 0.02, 0.996),
        ),
    ),
    Comparison(
        EvidenceField.GENDER,
        "gender_l is null or gender_r is null",
        (
            Step(Level.SAME, "gender_l = gender_r", 0.98, 0.5),
            Step(Level.DIFFERENT, OTHERWISE, 0.02, 0.5),
        ),
    ),
    Comparison(
        EvidenceField.ADDRESS,
        "street_l is null or street_r is null",
        (
            Step(Level.SAME, "street_l = street_r and house_l = house_r", 0.6, 0.0002),
            Step(Level.SIMILAR, f"house_l = house_r and ({_close('street', 0.88)})", 0.1, 0.0001),
            Step(Level.SIMILAR, "street_l = street_r", 0.08, 0.003, rarity="street"),
            Step(Level.SIMILAR, _close("street", 0.92), 0.03, 0.004),
            Step(Level.DIFFERENT, OTHERWISE, 0.19, 0.9927),
        ),
    ),
    Comparison(
        EvidenceField.CITY,
        "(city_l is null or city_r is null) and (postal_code_l is null or postal_code_r is null)",
        (
            Step(Level.SAME, "city_l = city_r and postal_code_l = postal_code_r", 0.6, 0.05, rarity="postal_code"),
            Step(
                Level.SIMILAR,
                "(city_l = city_r or jaro_winkler_similarity(city_l, city_r) >= 0.9)"
                " and damerau_levenshtein(postal_code_l, postal_code_r) <= 1",
                0.1,
                0.05,
            ),
            Step(Level.SIMILAR, "postal_code_l = postal_code_r", 0.05, 0.02, rarity="postal_code"),
            Step(Level.SIMILAR, "city_l = city_r or jaro_winkler_similarity(city_l, city_r) >= 0.9", 0.15, 0.2),
            Step(Level.DIFFERENT, OTHERWISE, 0.1, 0.68),
        ),
    ),
    Comparison(
        EvidenceField.PHONE,
        "len(phones_l) = 0 or len(phones_r) = 0",
        (
            Step(Level.SAME, _shared("phones"), 0.65, 0.00002),
            Step(
                Level.SIMILAR,
                _first_within("phones", 1),
                0.03,
                0.00001,
            ),
            Step(Level.DIFFERENT, OTHERWISE, 0.32, 0.99997),
        ),
    ),
    Comparison(
        EvidenceField.EMAIL,
        "len(emails_l) = 0 or len(emails_r) = 0",
        (
            Step(Level.SAME, _shared("emails"), 0.6, 0.00001),
            Step(
                Level.SIMILAR,
                f"{_shared('mailboxes')} or {_first_within('emails', 2)}",
                0.1,
                0.00002,
            ),
            Step(Level.DIFFERENT, OTHERWISE, 0.3, 0.99997),
        ),
    ),
    Comparison(
        EvidenceField.FISCAL_CODE,
        "fiscal_code_l is null or fiscal_code_r is null",
        (
            Step(Level.SAME, "fiscal_code_l = fiscal_code_r", 0.97, 0.00001),
            Step(Level.DIFFERENT, OTHERWISE, 0.03, 0.99999),
        ),
        is_learnt=False,
    ),
)

RARITIES: dict[str, float] = {
    step.rarity: max(each.u for each in comparison.steps if each.rarity == step.rarity)
    for comparison in COMPARISONS
    for step in comparison.steps
    if step.rarity
}
"""The columns whose rare values weigh more, and how often two people share a value by chance."""


def _starts(column: str, length: int, other: str | None = None) -> str:
    return f"substr(l.{column}, 1, {length}) = substr(r.{other or column}, 1, {length})"


CANDIDATES: tuple[str, ...] = (
    "l.names = r.names",
    f"l.birth = r.birth and {_starts('given', 1)}",
    f"l.birth = r.birth and {_starts('family', 1)}",
    f"l.birth = r.birth and {_starts('given', 1, 'family')} and {_starts('family', 1, 'given')}",
    "l.birth = r.birth and l.postal_code = r.postal_code",
    f"l.family = r.family and l.postal_code = r.postal_code and {_starts('given', 1)}",
    f"l.given = r.given and l.postal_code = r.postal_code and {_starts('family', 2)}",
    "l.street = r.street and l.house = r.house and l.city = r.city",
    f"l.house = r.house and l.postal_code = r.postal_code and {_starts('street', 3)}",
    f"l.family = r.family and {_starts('street', 5)}",
    f"l.given = r.given and l.house = r.house and {_starts('street', 5)}",
)
"""Pairs worth comparing, by what two cards of one person nearly always share; each is an equality DuckDB can hash."""

SHARED_LISTS: tuple[str, ...] = ("phones", "emails", "mailboxes")
"""Two cards that share one of these are compared too."""

TRAINING: tuple[str, ...] = (
    "l.given = r.given and l.family = r.family",
    "l.birth = r.birth and l.postal_code = r.postal_code",
)
"""Pairs the model learns from: each rule says nothing of the fields it names, so together they cover every field. An
address or a phone is no such rule, because those who share one are mostly a family.
"""

OF_THE_HOUSEHOLD = frozenset(
    {EvidenceField.FAMILY_NAME, EvidenceField.ADDRESS, EvidenceField.CITY, EvidenceField.PHONE, EvidenceField.EMAIL}
)
"""What people under one roof share all together. Ten agreements of this kind still say no more than one roof does."""

HOUSEHOLDS: tuple[str, ...] = (
    "l.family = r.family and l.street = r.street and l.house = r.house",
    "l.family = r.family and list_extract(l.phones, 1) = list_extract(r.phones, 1)",
)
"""Pairs of one family: how many of them are one person is learnt from given names, birth dates and gender."""

CERTAIN: tuple[str, ...] = (
    "l.names = r.names and l.birth = r.birth",
    "l.names = r.names and l.street = r.street and l.house = r.house",
    "l.given = r.given and l.birth = r.birth and l.postal_code = r.postal_code",
)
"""Pairs that are one person nearly always; how many there are says how common duplicates are."""

CERTAIN_RECALL = 0.7
"""About how much of all duplicates the rules above find."""
