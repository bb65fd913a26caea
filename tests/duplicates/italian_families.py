"""Invented Italian families with their truth: people who share a roof, a phone and often a name, and second cards of
the same people as shops really write them.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from ritorno.customers.rules import fold_name
from ritorno.duplicates.linking.normalising import Card

_WORDS = {
    "men": """
        Giuseppe Giovanni Antonio Mario Luigi Francesco Angelo Vincenzo Pietro Salvatore Carlo Franco Domenico
        Bruno Paolo Michele Giorgio Aldo Sergio Luciano Marco Andrea Alessandro Matteo Lorenzo Davide Simone
        Luca Roberto Stefano Nicolò Raffaele Gennaro Enzo Renato Claudio Massimo Maurizio Gianfranco Alberto
    """,
    "women": """
        Maria Anna Giuseppina Rosa Angela Giovanna Teresa Lucia Carmela Caterina Francesca Elena Laura Chiara
        Sara Giulia Martina Paola Daniela Patrizia Silvia Federica Valentina Alessandra Elisabetta Rita Rosaria
        Antonella Margherita Concetta Beatrice Sofia Aurora Emma Ludovica Noemi Irene Carla Barbara Simona
    """,
    "families": """
        Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti Costa Giordano
        Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi Caruso Ferrara Galli Martini
        Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola Marchetti Parisi Villa Conte Ferraro Ferri
        Fabbri Bianco Marini Grasso Valentini Messina Sala Gatti Pellegrini Palumbo Sanna Farina Rizzi Monti
        Cattaneo Morelli Amato Silvestri Mazza Testa Grassi Pellegrino
    """,
    "stems": """
        Bal Cas Dor Fal Gan Lan Mor Nar Pal Ros San Tar Val Ven Zan Bor Cer Den Fer Gar Lom Mas Ner Pas Ram Sol
        Tes Ver
    """,
    "middles": """
        ab ac ag al am an ar at av eg el en er et ic il in ir ol on or ul
    """,
    "endings": """
        ini oni ucci elli etti ato one ese aro io isi azzi
    """,
    "streets": """
        Roma Garibaldi Mazzini Dante Cavour Verdi Matteotti Marconi Manzoni Leopardi Galilei Kennedy Gramsci
        Trieste Trento Piave Isonzo Puccini Rossini Bellini Carducci Pascoli Foscolo Volta Colombo Vespucci
    """,
}
MEN, WOMEN, FAMILIES, STEMS, MIDDLES, ENDINGS = (
    _WORDS[name].split() for name in ("men", "women", "families", "stems", "middles", "endings")
)
STREETS = [
    *_WORDS["streets"].split(),
    *("XX Settembre", "4 Novembre", "della Libertà", "San Francesco", "dei Mille", "Aldo Moro", "Giuseppe Verdi"),
]
KINDS = ("Via", "Via", "Via", "Viale", "Corso", "Piazza")
TOWNS = [
    *(("Roma", f"00{number}") for number in range(141, 149)),
    *(("Cagliari", "09124"), ("Perugia", "06121"), ("Terni", "05100"), ("Olbia", "07026"), ("Forlì", "47121")),
    *(("Cefalù", "90015"), ("Bologna", "40121"), ("Nardò", "73048"), ("Reggio nell'Emilia", "42121")),
]
PARTICLED = (
    *("De Luca", "D'Angelo", "Di Stefano", "De Santis", "D'Amico", "Lo Bianco", "Dell'Acqua", "Della Valle", "La Rosa"),
)
DOUBLE_WOMEN = ("Maria Teresa", "Maria Grazia", "Anna Maria", "Maria Rosaria")
ALIKE = (("Mario", "Maria"), ("Paolo", "Paola"), ("Luca", "Lucia"), ("Marco", "Mirco"))
SHORT = {
    "Giuseppe": ("Pino", "Beppe", "Peppe"),
    "Giovanni": ("Gianni", "Vanni"),
    "Antonio": ("Tonino", "Toni"),
    "Francesco": ("Franco", "Checco", "Ciccio"),
    "Luigi": ("Gigi", "Gino"),
    "Salvatore": ("Totò", "Salvo", "Turi"),
    "Domenico": ("Mimmo", "Nico"),
    "Vincenzo": ("Enzo",),
    "Alessandro": ("Sandro", "Ale"),
    "Roberto": ("Roby", "Berto"),
    "Giuseppina": ("Pina", "Giusy"),
    "Teresa": ("Terry",),
    "Caterina": ("Rina", "Katia"),
    "Francesca": ("Franca", "Francy"),
    "Elisabetta": ("Betta", "Elisa"),
    "Concetta": ("Tina",),
    "Giovanna": ("Gianna", "Vanna"),
    "Valentina": ("Vale",),
    "Maria Teresa": ("Mariateresa", "Marisa"),
}


@dataclass(frozen=True, slots=True)
class Families:
    """Cards, and which pairs of them are one person, each with what was done to the second card."""

    cards: list[Card]
    truth: dict[tuple[str, str], str] = field(default_factory=dict)


def make_families(count: int, *, seed: int = 7, doubled: float = 0.25) -> Families:
    """Return `count` families; about `doubled` of the people have a second card, some a third."""
    draw = random.Random(seed)
    cards: list[Card] = []
    truth: dict[tuple[str, str], str] = {}
    for _ in range(count):
        for person in _family(draw):
            own = [("", person)]
            while len(own) < 4 and draw.random() < doubled:
                name = draw.choice(list(DISTURBANCES))
                own.append((name, DISTURBANCES[name](draw, person)))
            first = len(cards)
            cards += [card._replace(id=f"{first + place:08}") for place, (_, card) in enumerate(own)]
            for one, other in combinations(range(len(own)), 2):
                done = "+".join(filter(None, (own[one][0], own[other][0])))
                truth[cards[first + one].id, cards[first + other].id] = done
    draw.shuffle(cards)
    return Families(cards, truth)


# ── people ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _family(draw: random.Random) -> list[Card]:
    """Return the people under one roof."""
    kinds = (_single, _couple, _parents_and_children, _father_and_son_of_one_name, _twins)
    return draw.choices(kinds, (35, 25, 25, 8, 7))[0](draw)


def _single(draw: random.Random) -> list[Card]:
    return [_person(draw, _surname(draw), _home(draw), (1935, 2005))]


def _couple(draw: random.Random) -> list[Card]:
    """Two people of one address and, often, one phone and one email."""
    home, surname = _home(draw), _surname(draw)
    husband = _person(draw, surname, home, (1940, 1980), given=_ranked(draw, MEN))
    given = draw.choice(DOUBLE_WOMEN) if draw.random() < 0.06 else _ranked(draw, WOMEN)
    wife = _person(draw, draw.choice((surname, _surname(draw))), home, (1940, 1980), given=given)
    if draw.random() < 0.6:
        wife = wife._replace(phones=husband.phones)
    if draw.random() < 0.4:
        wife = wife._replace(emails=husband.emails)
    return [husband, wife]


def _parents_and_children(draw: random.Random) -> list[Card]:
    """A couple and one to three children who use their parents' phone and email."""
    father, mother = _couple(draw)
    names = draw.sample([name for name in MEN + WOMEN if name not in {father.given_name, mother.given_name}], 3)
    children = [
        _person(draw, father.family_name, _home_of(father), (1985, 2008), given=name)._replace(
            phones=father.phones, emails=draw.choice((mother.emails, ()))
        )
        for name in names[: draw.randint(1, 3)]
    ]
    return [father, mother, *children]


def _father_and_son_of_one_name(draw: random.Random) -> list[Card]:
    """Giuseppe Russo, 1950, and Giuseppe Russo, 1978: one roof and phone, sometimes one email; now and then a birth
    date that nobody knew.
    """
    father = _person(draw, _surname(draw), _home(draw), (1930, 1958), given=_ranked(draw, MEN))
    year = int((father.birth or "1950")[:4])
    son = father._replace(birth=_born(draw, year + 20, year + 38), emails=draw.choice((father.emails, ())))
    chance = draw.random()
    if chance < 0.3:
        return [father, son._replace(birth=None)]
    if chance < 0.4:
        return [father._replace(birth="19700101"), son._replace(birth="19700101")]
    return [father, son]


def _twins(draw: random.Random) -> list[Card]:
    """One birth date, surname, address and phone, and often names alike."""
    home, surname, born = _home(draw), _surname(draw), _born(draw, 1950, 2005)
    names = draw.choice((draw.sample(MEN, 2), draw.sample(WOMEN, 2), *ALIKE))
    one = _person(draw, surname, home, (1950, 2005), given=names[0])._replace(birth=born)
    other = _person(draw, surname, home, (1950, 2005), given=names[1])._replace(birth=born)
    return [one, other._replace(phones=one.phones, emails=draw.choice((one.emails, other.emails)))]


Home = tuple[str | None, str, str]


def _person(
    draw: random.Random, surname: str | None, home: Home, years: tuple[int, int], *, given: str | None = None
) -> Card:
    given = given or _ranked(draw, draw.choice((MEN, WOMEN)))
    street, code, town = home
    return Card(
        id="",
        given_name=given,
        family_name=surname,
        birth=_maybe(draw, _born(draw, *years), 0.85),
        gender=_maybe(draw, "MALE" if given in MEN else "FEMALE", 0.8),
        street=_maybe(draw, street, 0.8),
        postal_code=code,
        city=town,
        phones=(_phone(draw),) if draw.random() < 0.85 else (),
        emails=(_email(draw, given, surname or ""),) if draw.random() < 0.6 else (),
    )


def _maybe(draw: random.Random, value: str | None, chance: float) -> str | None:
    return value if draw.random() < chance else None


def _ranked(draw: random.Random, names: Sequence[str]) -> str:
    """Draw a name; the first are common, the last are rare."""
    return names[int(len(names) * draw.random() ** 1.7)]


def _surname(draw: random.Random) -> str:
    chance = draw.random()
    if chance < 0.25:
        return _ranked(draw, FAMILIES)
    if chance < 0.3:
        return draw.choice(PARTICLED)
    return draw.choice(STEMS) + draw.choice(MIDDLES) + draw.choice(ENDINGS)


def _born(draw: random.Random, earliest: int, latest: int) -> str:
    day = date(earliest, 1, 2) + timedelta(days=draw.randrange(365 * (latest - earliest + 1) - 1))
    return f"{day + timedelta(days=(day.month, day.day) == (1, 1)):%Y%m%d}"


def _home(draw: random.Random) -> Home:
    town, code = draw.choice(TOWNS)
    return f"{draw.choice(KINDS)} {draw.choice(STREETS)}, {1 + int(120 * draw.random() ** 2)}", code, town


def _home_of(card: Card) -> Home:
    return card.street, card.postal_code or "", card.city or ""


def _phone(draw: random.Random) -> str:
    return f"+393{draw.choice((20, 28, 33, 38, 40, 47, 48, 66, 88, 92))}{draw.randrange(10**7):07}"


def _email(draw: random.Random, given: str, surname: str) -> str:
    one, other = fold_name(given).replace(" ", ""), fold_name(surname).replace(" ", "").replace("'", "")
    box = draw.choice(
        (f"{one}.{other}", f"{one[0]}.{other}{draw.randrange(100)}", f"{other}{one}{draw.randrange(1950, 2005)}")
    )
    return f"{box}@{draw.choice(('gmail.example', 'libero.example', 'alice.example'))}"


# ── what happens to a second card ─────────────────────────────────────────────────────────────────────────────────────

Disturbance = Callable[[random.Random, Card], Card]


def _typo(draw: random.Random, text: str | None) -> str | None:
    """Change, lose, double or swap one letter after the first."""
    if text is None or len(text) < 4:
        return text
    place = draw.randrange(1, len(text) - 1)
    return draw.choice(
        (
            text[:place] + draw.choice("aeioulnrst") + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + text[place] + text[place:],
            text[:place] + text[place + 1] + text[place] + text[place + 2 :],
        )
    )


def _copy(draw: random.Random, card: Card) -> Card:
    return card


def _shouted(draw: random.Random, card: Card) -> Card:
    """Capitals, no accents, no apostrophes, as tills write."""
    bare = [
        fold_name(text).upper().replace("'", draw.choice(("", " "))) for text in (card.given_name, card.family_name)
    ]
    return card._replace(given_name=bare[0], family_name=bare[1], street=card.street and card.street.upper())


def _misspelt(draw: random.Random, card: Card) -> Card:
    if draw.random() < 0.5:
        return card._replace(family_name=_typo(draw, card.family_name))
    return card._replace(given_name=_typo(draw, card.given_name))


def _swapped_names(draw: random.Random, card: Card) -> Card:
    return card._replace(given_name=card.family_name, family_name=card.given_name)


def _short_name(draw: random.Random, card: Card) -> Card:
    return card._replace(given_name=draw.choice(SHORT.get(card.given_name or "", (card.given_name,))))


def _married_name(draw: random.Random, card: Card) -> Card:
    """The husband's surname beside or instead of one's own; the phone stays."""
    if card.gender != "FEMALE" or not card.phones:
        return _copy(draw, card)
    other = _surname(draw)
    return card._replace(family_name=draw.choice((f"{card.family_name} {other}", other)))


def _half_a_surname(draw: random.Random, card: Card) -> Card:
    return card._replace(family_name=f"{card.family_name} {_surname(draw)}")


def _moved(draw: random.Random, card: Card) -> Card:
    street, code, town = _home(draw)
    return card._replace(street=street, postal_code=code, city=town)


def _new_phone(draw: random.Random, card: Card) -> Card:
    return card._replace(phones=(_phone(draw),))


def _new_email(draw: random.Random, card: Card) -> Card:
    return card._replace(emails=(_email(draw, card.given_name or "x", card.family_name or ""),))


def _no_birth(draw: random.Random, card: Card) -> Card:
    return card._replace(birth=None)


def _wrong_birth(draw: random.Random, card: Card) -> Card:
    """A digit wrong, or the day where the month should be."""
    if card.birth is None:
        return card
    year, month, day = card.birth[:4], card.birth[4:6], card.birth[6:]
    if int(day) <= 12 and day != month and draw.random() < 0.5:
        return card._replace(birth=year + day + month)
    return card._replace(birth=f"{year[:3]}{(int(year[3]) + draw.randint(1, 9)) % 10}{month}{day}")


def _lost_zero(draw: random.Random, card: Card) -> Card:
    """A spreadsheet took the zero, and the street is abbreviated."""
    street = (card.street or "").replace("Viale", "V.le").replace("Piazza", "P.za").replace("Corso", "C.so") or None
    return card._replace(
        postal_code=(card.postal_code or "").lstrip("0"), street=street, city=fold_name(card.city).title()
    )


def _initial(draw: random.Random, card: Card) -> Card:
    return card._replace(given_name=f"{(card.given_name or 'X')[0]}.")


def _sparse(draw: random.Random, card: Card) -> Card:
    """A name and one way to reach the person, as a counter writes in haste."""
    return card._replace(
        birth=None, gender=None, street=None, postal_code=None, emails=() if card.phones else card.emails
    )


DISTURBANCES: dict[str, Disturbance] = {
    "copy": _copy,
    "shouted": _shouted,
    "misspelt": _misspelt,
    "swapped names": _swapped_names,
    "short name": _short_name,
    "married name": _married_name,
    "half a surname": _half_a_surname,
    "moved": _moved,
    "new phone": _new_phone,
    "new email": _new_email,
    "no birth": _no_birth,
    "wrong birth": _wrong_birth,
    "lost zero": _lost_zero,
    "initial": _initial,
    "sparse": _sparse,
}
