"""Invented people for the households of the data: seeded, so that every demo is the same shop. No one here exists."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from faker import Faker

SEED = 20_261_121

# Half-open age bands as the data's demographics name them; unknown households draw from all.
AGE_BANDS = {
    "19-24": (19, 25),
    "25-34": (25, 35),
    "35-44": (35, 45),
    "45-54": (45, 55),
    "55-64": (55, 65),
    "65+": (65, 86),
}
TOWNS = (
    ("Bologna", "40121", "BO", 30),
    ("Modena", "41121", "MO", 14),
    ("Ferrara", "44121", "FE", 10),
    ("Ravenna", "48121", "RA", 10),
    ("Imola", "40026", "BO", 8),
    ("Casalecchio di Reno", "40033", "BO", 7),
    ("San Lazzaro di Savena", "40068", "BO", 6),
    ("Forlì", "47121", "FC", 6),
    ("Cesena", "47521", "FC", 5),
    ("Castel San Pietro Terme", "40024", "BO", 4),
)
STREETS = (
    "Via Garibaldi", "Via Mazzini", "Via Roma", "Via Indipendenza", "Via Emilia", "Via San Felice", "Via Saragozza",
    "Via dei Mille", "Viale della Repubblica", "Piazza Maggiore", "Via delle Rose", "Via del Pratello",
)  # fmt: skip
INTERESTS = ("cucina", "vini", "giardino", "animali", "bambini", "sport", "biologico", "dolci", "bellezza", "casa")


@dataclass(frozen=True, slots=True)
class Identity:
    """One invented person; `email` and `phone` may be shared in a family, or missing."""

    household: str
    given_name: str
    family_name: str
    gender: str
    birth_on: date | None
    email: str | None
    phone: str | None
    street: str | None
    postal_code: str
    city: str
    province: str
    card: str
    language: str
    first_contact_on: date
    interests: tuple[str, ...]


def invent(households: list[str], ages: dict[str, str], *, today: date) -> Iterator[Identity]:
    """Yield one person for each household, in order; the same input gives the same people."""
    draw = random.Random(SEED)
    fake = Faker("it_IT")
    fake.seed_instance(SEED)
    last: Identity | None = None
    for number, household in enumerate(households):
        gender = draw.choice(("F", "M"))
        given = fake.first_name_female() if gender == "F" else fake.first_name_male()
        family = fake.last_name()
        city, postal_code, province, _ = draw.choices(TOWNS, weights=[town[3] for town in TOWNS])[0]
        # One in forty shares the address and the mailbox of the household before: a family (RULES B-15).
        relative = last if last is not None and draw.random() < 1 / 40 else None
        if relative is not None:
            family, city, postal_code, province = (
                relative.family_name,
                relative.city,
                relative.postal_code,
                relative.province,
            )
        person = Identity(
            household=household,
            given_name=given,
            family_name=family,
            gender=gender,
            birth_on=_birth(draw, ages.get(household), today),
            email=relative.email if relative else _email(draw, given, family, number),
            phone=f"+39347{5_550_000 + number:07d}" if draw.random() < 0.8 else None,
            street=f"{draw.choice(STREETS)} {draw.randint(1, 180)}" if draw.random() < 0.7 else None,
            postal_code=postal_code,
            city=city,
            province=province,
            card=ean13(f"29{number:010d}"),
            language="en" if draw.random() < 0.06 else "it",
            first_contact_on=today - timedelta(days=draw.randint(400, 3200)),
            interests=tuple(draw.sample(INTERESTS, draw.choices((0, 1, 2, 3), weights=(5, 3, 2, 1))[0])),
        )
        yield person
        last = person


def _birth(draw: random.Random, band: str | None, today: date) -> date | None:
    """Return a birth date inside the band; one in six is unknown, one in eighty is a minor (C-17)."""
    chance = draw.random()
    if chance < 1 / 6:
        return None
    if chance > 1 - 1 / 80:
        low, high = 13, 18
    else:
        low, high = AGE_BANDS[band or draw.choice(list(AGE_BANDS))]
    return today - timedelta(days=draw.randint(low * 366, high * 365 - 1))


def _email(draw: random.Random, given: str, family: str, number: int) -> str | None:
    """Return an address in the reserved domain example.com (RFC 2606): no mail can ever reach a stranger."""
    if draw.random() < 0.12:
        return None
    local = f"{given}.{family}".lower()
    plain = "".join(
        letter for letter in local.translate(_PLAIN) if letter.isascii() and (letter.isalnum() or letter == ".")
    )
    return f"{plain}{number}@example.com"


_PLAIN = str.maketrans("àèéìòóùç", "aeeioouc")


def ean13(twelve: str) -> str:
    """Return the card number with its check digit (S-24)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(twelve))
    return f"{twelve}{(10 - total % 10) % 10}"
