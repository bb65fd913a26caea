"""What a card's data must look like, without a database."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ritorno.customers.normalising import Refused, normalise_email, normalise_phone, normalise_postal
from ritorno.customers.rules import (
    NoteWarning,
    Standing,
    age_band,
    age_on,
    birth_problem,
    fold_name,
    note_warnings,
    state_contact,
    suggest_email,
)
from ritorno.customers.schemas import CustomerWrite

# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Anna@gmial.com", "Anna@gmail.com"),
        ("anna@hotmial.it", "anna@hotmail.it"),
        ("anna@gmail.com", None),
        ("gmial.com@example.it", None),
    ],
)
def test_b_14_a_mistyped_domain_is_told_and_never_mended(typed: str, meant: str | None) -> None:
    assert suggest_email(typed) == meant
    assert normalise_email(typed).value == typed


@pytest.mark.parametrize(
    ("given", "value", "match_key"),
    [
        ("Mario@EXAMPLE.it", "Mario@example.it", "mario@example.it"),
        ("  Mario@example.it ", "Mario@example.it", "mario@example.it"),
        ("mario@example.it.", "mario@example.it", "mario@example.it"),
        ("mario@münchen.de", "mario@xn--mnchen-3ya.de", "mario@xn--mnchen-3ya.de"),
    ],
)
def test_b_11_an_email_keeps_its_local_part_and_is_matched_without_case(given: str, value: str, match_key: str) -> None:
    assert normalise_email(given) == (value, match_key)


@pytest.mark.parametrize(
    "given",
    [
        "a@b",
        "a@b@c.it",
        f"{'a' * 250}@example.it",
        "a@example.it\r\nBcc: all@example.it",
        "a\r@example.it",
        "a\x00@example.it",
        '"a b"@example.it',
        "a@[127.0.0.1]",
        "giò@example.it",
        "Mario <mario@example.it>",
        "",
    ],
)
def test_b_12_what_is_no_plain_address_is_refused(given: str) -> None:
    with pytest.raises(Refused) as refused:
        normalise_email(given)

    assert refused.value.code == "bad-email"


def test_b_13_a_mailbox_nobody_reads_is_refused() -> None:
    with pytest.raises(Refused, match="nobody"):
        normalise_email("no-reply@example.it")


@given(st.text(max_size=40))
def test_b_12_no_address_that_passes_can_break_a_header(text: str) -> None:
    try:
        email = normalise_email(text)
    except Refused:
        return

    assert email.value.isascii()
    assert email.value.isprintable()
    assert email.value.count("@") == 1
    assert len(email.value) <= 254


@pytest.mark.parametrize(
    ("given", "e164", "is_mobile"),
    [
        ("333 1234567", "+393331234567", True),
        ("0039 333 1234567", "+393331234567", True),
        ("+39 06 12345678", "+390612345678", False),
        ("06 1234567", "+39061234567", False),
        ("+44 7911 123456", "+447911123456", True),
    ],
)
def test_b_16_numbers_are_kept_in_e164_and_landlines_keep_their_zero(given: str, e164: str, is_mobile: bool) -> None:
    assert normalise_phone(given, "IT") == (e164, is_mobile)


@pytest.mark.parametrize("given", ["+39 6 12345678", "333 ABC 4567", "3331234567890123", "", "+", "12", "+44 7911"])
def test_b_16_what_is_no_number_of_the_stated_country_is_refused_not_guessed(given: str) -> None:
    with pytest.raises(Refused) as refused:
        normalise_phone(given, "IT")

    assert refused.value.code == "bad-phone"


@pytest.mark.parametrize(
    ("given", "code"), [("899123456", "premium-phone"), ("892000", "premium-phone"), ("48400", "bad-phone")]
)
def test_b_17_premium_numbers_and_short_codes_are_no_recipients(given: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        normalise_phone(given, "IT")

    assert refused.value.code == code


def test_a_postal_address_is_matched_whatever_its_case_and_accents() -> None:
    first = normalise_postal({"street": "Via Forlì 3", "postal_code": "40121", "city": "Bologna"})
    second = normalise_postal({"street": "VIA FORLI  3", "postal_code": "40121", "city": "bologna"})

    assert first.match_key == second.match_key
    assert first.value == "Via Forlì 3, 40121 Bologna"


# ── dates and ages ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("written", ["2031-01-01", "1890-01-01", "2023-02-29", "01/02/2003", "2003-1-2", 1045785600])
def test_b_18_an_impossible_or_ambiguous_birth_date_is_refused(written: object) -> None:
    with pytest.raises(ValidationError) as refused:
        CustomerWrite.model_validate({"birth_on": written})

    assert [error["loc"] for error in refused.value.errors()] == [("birth_on",)]


def test_b_18_a_person_of_120_may_still_be_a_customer() -> None:
    assert birth_problem(date(1906, 3, 1), date(2026, 11, 21)) is None
    assert birth_problem(date(1905, 3, 1), date(2026, 11, 21)) is not None


def test_somebody_born_on_29_february_is_a_year_older_on_the_28th_of_common_years() -> None:
    assert age_on(date(2008, 2, 29), date(2026, 2, 27)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 18
    assert age_on(date(2008, 2, 29), date(2028, 2, 28)) == 19
    assert age_on(date(2008, 2, 29), date(2028, 2, 29)) == 20


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (date(2010, 1, 1), "0–17"),
        (date(2005, 1, 1), "18–24"),
        (date(1990, 11, 21), "35–44"),
        (date(1990, 11, 22), "35–44"),
        (date(1991, 11, 22), "25–34"),
        (date(1940, 1, 1), "75+"),
        (None, None),
    ],
)
def test_an_age_is_shown_as_a_band(born: date | None, band: str | None) -> None:
    assert age_band(born, date(2026, 11, 21)) == band


# ── names, contact values, notes ──────────────────────────────────────────────────────────────────────────────────────


def test_b_21_a_name_loses_bidi_overrides_and_nul_and_keeps_the_rest_to_the_letter() -> None:
    body = CustomerWrite(given_name="Ma\u202erio\x00", family_name="<script>{{7*7}}</script>")

    assert body.given_name == "Mario"
    assert body.family_name == "<script>{{7*7}}</script>"


def test_b_20_a_name_that_looks_like_a_formula_is_kept_verbatim() -> None:
    assert CustomerWrite(given_name="=HYPERLINK(1)").given_name == "=HYPERLINK(1)"


def test_b_21_a_name_of_ten_megabytes_is_refused() -> None:
    with pytest.raises(ValidationError):
        CustomerWrite(given_name="a" * 10_000_000)


def test_a_name_is_searched_without_accents_and_case() -> None:
    assert fold_name("D'Àngelo", "  Zoë ", None) == "d'angelo zoe"


@given(st.text(max_size=50))
def test_folding_a_folded_name_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


OLD = Standing(uuid4(), "old@example.it", "pos", is_primary=True)
OTHER = Standing(uuid4(), "other@example.it", "web", is_primary=False)


def test_c_23_a_changed_value_ends_what_the_same_source_stated_and_begins_anew() -> None:
    assert state_contact([OLD, OTHER], "new@example.it", "pos") == ((OLD.id,), True)


def test_c_23_what_another_source_stated_stays() -> None:
    assert state_contact([OLD, OTHER], "new@example.it", "crm") == ((), True)


def test_a_value_already_current_changes_nothing() -> None:
    assert state_contact([OLD, OTHER], "other@example.it", "pos") == ((), False)


def test_staff_speak_for_the_main_address_whoever_stated_it() -> None:
    assert state_contact([OLD, OTHER], None, "staff") == ((OLD.id,), False)


@pytest.mark.parametrize(
    ("body", "warnings"),
    [
        ("Preferisce essere chiamata la sera", []),
        ("È celiaca, attenzione ai campioni", [NoteWarning.HEALTH]),
        ("allergic to nuts; allergia alle noci", [NoteWarning.HEALTH]),
        ("CF RSSMRA85T10A562S", [NoteWarning.FISCAL_CODE]),
        ("iban it60 x054 2811 1010 0000 0123 456", [NoteWarning.IBAN]),
        ("IT60X0542811101000000123457", []),
        ("ordine AB12CDEF34567890 in ritardo", []),
    ],
)
def test_c_22_a_note_that_says_too_much_is_pointed_out(body: str, warnings: list[NoteWarning]) -> None:
    assert note_warnings(body) == warnings
