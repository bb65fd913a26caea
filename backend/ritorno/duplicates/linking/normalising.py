"""Cards brought to the spelling they are compared in: pure functions of plain values, Italian first."""

import re
from collections import defaultdict
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from ritorno.customers.rules import fold_name


class Card(NamedTuple):
    """What of a card tells whose it is, as it was written; phones are E.164, a birth date is eight digits."""

    id: str
    given_name: str | None = None
    family_name: str | None = None
    birth: str | None = None
    gender: str | None = None
    country: str = "IT"
    street: str | None = None
    postal_code: str | None = None
    city: str | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    fiscal_code: str | None = None


class Comparable(NamedTuple):
    """A card ready to be compared; None is a value nobody knows."""

    id: str
    given: str | None
    given_words: list[str]
    given_roots: list[str]
    family: str | None
    family_words: list[str]
    names: str | None
    """Both names in alphabetical order, so that swapping them changes nothing."""
    birth: str | None
    gender: str | None
    street: str | None
    house: str | None
    postal_code: str | None
    city: str | None
    phones: list[str]
    emails: list[str]
    mailboxes: list[str]
    """What stands before the @, where it is long enough to mean somebody."""
    fiscal_code: str | None


def comparable(card: Card) -> Comparable:
    """Return a card as it is compared."""
    given, family = name_words(card.given_name), family_words(card.family_name)
    street, house = street_and_house(card.street)
    return Comparable(
        id=card.id,
        given="".join(given) or None,
        given_words=given,
        given_roots=sorted(roots("".join(given))) if given else [],
        family="".join(family) or None,
        family_words=family,
        names=" ".join(sorted(("".join(given), "".join(family)))) if given and family else None,
        birth=card.birth,
        gender=card.gender,
        street=street,
        house=house,
        postal_code=postal_code(card.postal_code, card.country),
        city="".join(name_words(card.city)) or None,
        phones=list(card.phones),
        emails=[email.casefold() for email in card.emails],
        mailboxes=[box for email in card.emails if len(box := mailbox(email)) >= _LONG_MAILBOX],
        fiscal_code=card.fiscal_code,
    )


_LONG_MAILBOX = 6

# ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_INNER_MARKS = re.compile(r"['’‘`´ʼ]+\s*|(?<=[a-z])\.(?=[a-z]{1,3}\b)")
"""Apostrophes, and the dots inside `Sig.ra`, `P.za` and `V.le`, which are one word each."""
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_TITLES = frozenset(
    {"sig", "sigra", "signor", "signora", "signorina", "dott", "dottssa", "dottoressa", "dottore", "dr", "dssa", "ing"}
    | {"avv", "avvocato", "prof", "profssa", "rag", "geom", "arch"}
)


@lru_cache(maxsize=50_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(_NOT_LETTERS.sub(" ", _INNER_MARKS.sub("", fold_name(text))).split())


def name_words(text: str | None) -> list[str]:
    """Return the words of a name without accents, case, apostrophes and titles: `D’Angelo` is `dangelo`."""
    if not text:
        return []
    words = list(_words(text))
    return [word for word in words if word not in _TITLES] or words


_PARTICLES = frozenset(
    {"d", "da", "dal", "dall", "dalla", "dalle", "de", "degli", "dei", "del", "dell", "della", "delle", "dello", "di"}
    | {"la", "le", "li", "lo", "mac", "mc", "san", "santa", "van", "von"}
)


def family_words(text: str | None) -> list[str]:
    """Return the words of a surname, a particle joined to what follows: `De Luca` is one word, `Rossi Bianchi` two."""
    joined: list[str] = []
    prefix = ""
    for word in name_words(text):
        if word in _PARTICLES:
            prefix += word
        else:
            joined.append(prefix + word)
            prefix = ""
    return [*joined, prefix] if prefix else joined


@lru_cache(maxsize=1)
def _formal_names() -> dict[str, frozenset[str]]:
    """Return, for each short form, the names it may stand for."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    listed = resources.files("ritorno.duplicates.linking").joinpath("nicknames.txt").read_text("utf-8")
    for line in listed.splitlines():
        if line and not line.startswith("#"):
            formal, short_forms = line.split(":")
            for short in short_forms.split():
                found[fold_name(short)].add(fold_name(formal).replace(" ", ""))
    return {short: frozenset(formal) for short, formal in found.items()}


def roots(name: str) -> frozenset[str]:
    """Return the formal names a given name may stand for, itself among them: Pino may be Giuseppe."""
    return _formal_names().get(name, frozenset()) | {name}


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_STREET_TYPES = frozenset(
    {"via", "v", "viale", "vle", "piazza", "pza", "pzza", "p", "piazzale", "ple", "pzle", "piazzetta", "corso", "cso"}
    | {"c", "largo", "lgo", "vicolo", "vico", "vlo", "vc", "strada", "str", "sda", "stradone", "salita", "contrada"}
    | {"cda", "cta", "localita", "loc", "frazione", "fraz", "fr", "borgo", "bgo", "lungomare", "lungotevere", "calle"}
    | {"traversa", "trav", "rione", "campo", "galleria", "circonvallazione", "circ", "vialetto", "rotonda"}
)
_NOISE = frozenset({"n", "nr", "num", "numero", "civico", "snc", "bis", "ter"})
_INSIDE = frozenset({"int", "interno", "scala", "sc", "piano", "palazzina", "pal"})
_HOUSE = re.compile(r"0*(\d+)[a-z]?")


@lru_cache(maxsize=50_000)
def street_and_house(text: str | None) -> tuple[str | None, str | None]:
    """Return the street without its kind and blanks, and the house number: `V.le Roma, 12/A` is (`roma`, `12`)."""
    words = [word for word in _words(text or "") if word not in _NOISE]
    inside = next((place for place, word in enumerate(words) if word in _INSIDE and place > 1), len(words))
    words = words[:inside]
    if len(words) > 2 and len(words[-1]) == 1 and _HOUSE.fullmatch(words[-2]):
        words.pop()
    house = None
    # Italians write the number last, others first; a number in between belongs to the name, as in Via 4 Novembre.
    for place in (-1, 0):
        if len(words) > 1 and (match := _HOUSE.fullmatch(words[place])):
            house = match.group(1)
            words.pop(place)
            break
    while len(words) > 1 and words[0] in _STREET_TYPES:
        words = words[1:]
    return "".join(words) or None, house


def postal_code(text: str | None, country: str) -> str | None:
    """Return a postal code; an Italian one gets back the zero a spreadsheet took: 185 is 00185."""
    code = "".join(_words(text)) if text else ""
    if country == "IT" and code.isdigit() and 3 <= len(code) < 5:
        code = code.zfill(5)
    return code or None


def mailbox(email: str) -> str:
    """Return what stands before the @ without what providers ignore: a +label and dots."""
    local = email.casefold().rpartition("@")[0]
    return local.partition("+")[0].replace(".", "")
