"""Cards brought to one spelling, and what a likely pair may lead to: decisions on plain values."""

import subprocess
import sys

import pytest

from ritorno.customers.rules import PairTier
from ritorno.duplicates.linking.normalising import (
    Card,
    comparable,
    family_words,
    mailbox,
    name_words,
    postal_code,
    roots,
    street_and_house,
)
from ritorno.duplicates.linking.tiers import Certainty, EvidenceField, Level, certainty, tier_of

# ── normalising ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["D'Angelo", "D’Angelo", "DANGELO", "D Angelo", "d' angelo", "D`ANGELO"])
def test_an_apostrophe_is_no_difference(text: str) -> None:
    assert family_words(text) == ["dangelo"]


def test_a_particle_belongs_to_its_surname_and_a_second_surname_does_not() -> None:
    assert family_words("De Luca") == family_words("DELUCA") == ["deluca"]
    assert family_words("Della Valle") == ["dellavalle"]
    assert family_words("Rossi Bianchi") == ["rossi", "bianchi"]
    assert family_words("De") == ["de"]


def test_accents_titles_and_blanks_are_no_difference() -> None:
    assert name_words("Sig.ra  Nicolò") == name_words("NICOLO") == ["nicolo"]
    assert name_words("Dott.") == ["dott"]
    assert comparable(Card("1", "Maria Teresa")).given == comparable(Card("2", "Mariateresa")).given


@pytest.mark.parametrize(
    ("short", "formal"),
    [
        ("pino", "giuseppe"),
        ("beppe", "giuseppe"),
        ("checco", "francesco"),
        ("gianni", "giovanni"),
        ("toto", "salvatore"),
    ],
)
def test_a_short_form_may_stand_for_a_formal_name(short: str, formal: str) -> None:
    assert {short, formal} <= roots(short)
    assert roots(formal) >= {formal}


def test_swapping_names_changes_nothing_of_what_is_searched() -> None:
    assert comparable(Card("1", "Anna", "De Luca")).names == comparable(Card("2", "De Luca", "Anna")).names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("V.le Roma, 12/A", ("roma", "12")),
        ("viale roma 12", ("roma", "12")),
        ("P.za Garibaldi n. 3", ("garibaldi", "3")),
        ("C.so Italia 05 int. 3", ("italia", "5")),
        ("Via 4 Novembre", ("4novembre", None)),
        ("Via 4 Novembre, 12", ("4novembre", "12")),
        ("Via della Libertà snc", ("dellaliberta", None)),
        ("11 Melbourne Avenue", ("melbourneavenue", "11")),
        ("Piazza", ("piazza", None)),
        ("", (None, None)),
        (None, (None, None)),
    ],
)
def test_a_street_is_its_name_and_its_number(text: str | None, expected: tuple[str | None, str | None]) -> None:
    assert street_and_house(text) == expected


def test_only_an_italian_postal_code_gets_its_zero_back() -> None:
    assert postal_code("185", "IT") == postal_code("00185", "IT") == "00185"
    assert postal_code("2621", "AU") == "2621"
    assert postal_code(" ", "IT") is None


def test_a_mailbox_is_what_its_provider_tells_apart() -> None:
    assert mailbox("Anna.Rossi+shop@example.it") == mailbox("annarossi@example.com") == "annarossi"


# ── tiers ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

AGREEING = dict.fromkeys(EvidenceField, Level.UNKNOWN) | dict.fromkeys(
    (EvidenceField.GIVEN_NAME, EvidenceField.FAMILY_NAME, EvidenceField.BIRTH_ON, EvidenceField.PHONE), Level.SAME
)


def test_a_full_name_a_birth_date_and_a_phone_are_one_person() -> None:
    assert tier_of(0.999, AGREEING) is PairTier.AUTOMATIC


def test_a_tax_code_stands_in_for_the_birth_date() -> None:
    levels = AGREEING | {
        EvidenceField.BIRTH_ON: Level.UNKNOWN,
        EvidenceField.PHONE: Level.UNKNOWN,
        EvidenceField.FISCAL_CODE: Level.SAME,
    }

    assert tier_of(0.999, levels) is PairTier.AUTOMATIC


@pytest.mark.parametrize(
    "change",
    [
        {EvidenceField.BIRTH_ON: Level.UNKNOWN},
        {EvidenceField.BIRTH_ON: Level.SIMILAR},
        {EvidenceField.BIRTH_ON: Level.DIFFERENT},
        {EvidenceField.GIVEN_NAME: Level.SIMILAR},
        {EvidenceField.GIVEN_NAME: Level.UNKNOWN},
        {EvidenceField.GIVEN_NAME: Level.DIFFERENT},
        {EvidenceField.FAMILY_NAME: Level.SIMILAR},
        {EvidenceField.GENDER: Level.DIFFERENT},
        {EvidenceField.FISCAL_CODE: Level.DIFFERENT},
        {EvidenceField.PHONE: Level.DIFFERENT},
        {EvidenceField.PHONE: Level.UNKNOWN},
    ],
    ids=lambda change: "-".join(f"{field}-{level}" for field, level in change.items()),
)
def test_whatever_is_missing_or_contradicts_asks_a_person(change: dict[EvidenceField, Level]) -> None:
    assert tier_of(0.9999, AGREEING | change) is PairTier.REVIEW


def test_a_doubtful_pair_is_never_automatic() -> None:
    assert tier_of(0.98, AGREEING) is PairTier.REVIEW


def test_certainty_is_a_word() -> None:
    assert [certainty(each) for each in (0.995, 0.96, 0.8)] == [Certainty.HIGH, Certainty.MEDIUM, Certainty.LOW]


def test_a_server_that_searches_nothing_pays_for_no_library() -> None:
    program = "import sys, ritorno.app, ritorno.worker.main; print({'splink', 'duckdb', 'pyarrow'} & set(sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

    assert loaded.strip() == "set()"
