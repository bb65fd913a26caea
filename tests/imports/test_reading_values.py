"""Cells become values under declared formats only; what is doubtful is refused with its reason."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.imports.reading import values
from ritorno.imports.reading.values import Refused, ValueCode

ROME = ZoneInfo("Europe/Rome")
TODAY = date(2026, 11, 24)


def code_of(read: object, *arguments: object, **named: object) -> ValueCode:
    with pytest.raises(Refused) as refused:
        read(*arguments, **named)  # type: ignore[operator]
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "fmt", "expected"),
    [
        ("01/02/2003", "DD/MM/YYYY", date(2003, 2, 1)),
        ("01/02/2003", "MM/DD/YYYY", date(2003, 1, 2)),
        (" 1/2/2003 ", "DD/MM/YYYY", date(2003, 2, 1)),
        ("1.2.2003 14:30", "DD.MM.YYYY", date(2003, 2, 1)),
        ("2003-02-01T14:30:05Z", "YYYY-MM-DD", date(2003, 2, 1)),
        ("2003-02-01 00:00:00.000", "ISO", date(2003, 2, 1)),
        ("20030201", "YYYYMMDD", date(2003, 2, 1)),
        ("01022003", "DDMMYYYY", date(2003, 2, 1)),
        ("1 febbraio 2003", "D MONTH YYYY", date(2003, 2, 1)),
        ("01-Feb-2003", "D MONTH YYYY", date(2003, 2, 1)),
        ("1° gen. 2003", "D MONTH YYYY", date(2003, 1, 1)),
        ("February 1st, 2003", "MONTH D, YYYY", date(2003, 2, 1)),
        ("12-05-61", "DD-MM-YY", date(1961, 5, 12)),
        ("12/05/24", "DD/MM/YY", date(2024, 5, 12)),
        ("37653", "EXCEL1900", date(2003, 2, 1)),
        ("36191,5", "EXCEL1904", date(2003, 2, 1)),
        ("59", "EXCEL1900", date(1900, 2, 28)),
        ("61", "EXCEL1900", date(1900, 3, 1)),
    ],
)
def test_a_date_is_read_in_the_declared_format_only__b_18(text: str, fmt: str, expected: date) -> None:
    assert values.parse_date(text, fmt) == expected


def test_the_pivot_of_two_digit_years_is_declared() -> None:
    assert values.parse_date("01/01/26", "DD/MM/YY", pivot=25) == date(1926, 1, 1)
    assert values.parse_date("01/01/26", "DD/MM/YY", pivot=26) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "fmt", "code"),
    [
        ("29-02-2023", "DD-MM-YYYY", "no-such-day"),
        ("31/04/2020", "DD/MM/YYYY", "no-such-day"),
        ("31/12/2020", "MM/DD/YYYY", "no-such-day"),
        ("00000000", "YYYYMMDD", "no-such-day"),
        ("60", "EXCEL1900", "no-such-day"),
        ("9999999", "EXCEL1904", "no-such-day"),
        ("2020-12-31", "DD/MM/YYYY", "bad-date"),
        ("31/12/20", "DD/MM/YYYY", "bad-date"),
        ("31/12/2020 circa", "DD/MM/YYYY", "bad-date"),
        ("1 brumaio 2003", "D MONTH YYYY", "bad-date"),
        ("٣١/12/2020", "DD/MM/YYYY", "bad-date"),
        ("37653", "DD/MM/YYYY", "bad-date"),
        ("-1", "EXCEL1900", "bad-date"),
    ],
)
def test_an_impossible_or_undeclared_date_is_refused__b_18(text: str, fmt: str, code: str) -> None:
    assert code_of(values.parse_date, text, fmt) == code


def test_every_declarable_format_reads_something() -> None:
    written = {
        "D MONTH YYYY": "5 maggio 1999", "MONTH D, YYYY": "May 5, 1999", "EXCEL1900": "36285", "EXCEL1904": "34823",
    }  # fmt: skip

    for fmt in values.DATE_FORMATS:
        plain = fmt.replace("ISO", "YYYY-MM-DD").replace("YYYY", "1999").replace("YY", "99")
        text = written.get(fmt, plain.replace("MM", "05").replace("DD", "05"))
        assert values.parse_date(text, fmt) == date(1999, 5, 5), fmt


def test_a_local_time_becomes_an_instant_in_utc() -> None:
    def read(text: str) -> datetime:
        return values.parse_datetime(text, "DD/MM/YYYY", ROME)

    assert read("01/07/2024 14:30") == datetime(2024, 7, 1, 12, 30, tzinfo=UTC)
    assert read("01/01/2024 2:05:09 pm") == datetime(2024, 1, 1, 13, 5, 9, tzinfo=UTC)
    assert read("01/01/2024 12:05 AM") == datetime(2023, 12, 31, 23, 5, tzinfo=UTC)
    assert read("01/07/2024") == datetime(2024, 6, 30, 22, 0, tzinfo=UTC)
    assert read("01/07/2024 14:30-03:30") == datetime(2024, 7, 1, 18, 0, tzinfo=UTC)
    assert read("01/07/2024 14:30Z") == datetime(2024, 7, 1, 14, 30, tzinfo=UTC)
    assert values.parse_datetime("45474.5", "EXCEL1900", ROME) == datetime(2024, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("text", ["01/07/2024 24:30", "01/07/2024 10:75", "01/07/2024 13:00 pm"])
def test_a_time_that_does_not_exist_is_refused(text: str) -> None:
    assert code_of(values.parse_datetime, text, "DD/MM/YYYY", ROME) == ValueCode.BAD_TIME


def test_an_ambiguous_column_keeps_both_formats_until_somebody_declares_one__b_18() -> None:
    assert values.fitting_date_formats(["01/02/2003", "03/04/2005"]) == ["DD/MM/YYYY", "MM/DD/YYYY"]
    assert values.fitting_date_formats(["01/02/2003", "31/04/2005"]) == []
    assert values.fitting_date_formats(["01/02/2003", "30/04/2005"]) == ["DD/MM/YYYY"]
    assert values.fitting_date_formats(["2003-02-01 10:00"]) == ["YYYY-MM-DD"]
    assert values.fitting_date_formats(["20030201", "19991231"]) == ["YYYYMMDD"]
    assert values.fitting_date_formats(["Rossi"]) == []
    assert values.fitting_date_formats([]) == []


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1.234,56", ",", "1234.56"),
        ("1,234.56", ".", "1234.56"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1 234 567,8", ",", "1234567.8"),
        ("1\u00a0234,50 €", ",", "1234.50"),
        ("€ 12,00", ",", "12.00"),
        ("-€ 12,00", ",", "-12.00"),
        ("EUR 12", ".", "12"),
        ("12,50-", ",", "-12.50"),
        ("(1.234,56)", ",", "-1234.56"),
        ("−3", ",", "-3"),
        ("+3", ",", "3"),
        (",5", ",", "0.5"),
        ("1'234.50", ".", "1234.50"),
        ("0007", ",", "7"),
    ],
)
def test_a_number_is_read_under_its_declared_mark(text: str, decimal: Literal[".", ","], expected: str) -> None:
    assert values.parse_decimal(text, decimal) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "decimal"),
    [("1.23", ","), ("12.3456,00", ","), ("1,2,3", "."), ("1e5", "."), ("", "."), ("-", ","), ("€", ","), ("5,", ","),
     ("(-5)", ","), ("--5", ","), ("12 pezzi", ","), ("١٢", ","), ("10%", ",")],
)  # fmt: skip
def test_a_number_that_could_mean_two_things_is_refused(text: str, decimal: Literal[".", ","]) -> None:
    assert code_of(values.parse_decimal, text, decimal) == ValueCode.BAD_NUMBER


@given(
    st.decimals(-(10**12), 10**12, places=2),
    st.sampled_from([(",", "."), (",", " "), (",", ""), (".", ","), (".", "'")]),
    st.sampled_from(["{}", "€ {}", "{} EUR", " {}\u00a0€ "]),
)
def test_every_number_comes_back_as_it_was_written(
    number: Decimal, marks: tuple[Literal[".", ","], str], dress: str
) -> None:
    decimal, thousands = marks
    text = f"{number:,.2f}".translate({ord(","): thousands, ord("."): decimal})

    assert values.parse_decimal(dress.format(text), decimal) == number


def test_yes_and_no_are_read_in_both_languages() -> None:
    assert all(values.parse_bool(text) for text in ("Sì", "SI", "si'", "s", "Yes", "y", "X", "1", "TRUE", "vero"))
    assert not any(values.parse_bool(text) for text in ("No", "n", "0", "False", "FALSO"))
    assert code_of(values.parse_bool, "forse") == ValueCode.BAD_BOOLEAN


def test_gender_is_read_from_letters_words_and_titles() -> None:
    assert {values.parse_gender(text) for text in ("F", "femmina", "Sig.ra", "Sig.na", "Mrs.", "donna")} == {"FEMALE"}
    assert {values.parse_gender(text) for text in ("m", "Maschio", "Sig.", "Mr", "uomo")} == {"MALE"}
    assert values.parse_gender("altro") == "OTHER"
    assert code_of(values.parse_gender, "dott.") == ValueCode.BAD_GENDER


def test_the_errors_of_a_spreadsheet_are_known_in_both_languages() -> None:
    assert all(values.is_error_cell(text) for text in ("#N/A", "#N/D", "#RIF!", "#VALUE!", "#DIV/0!"))
    assert not any(values.is_error_cell(text) for text in ("", "#1", "N/A"))


def test_an_italian_postal_code_gets_its_zero_back_and_says_so__b_47() -> None:
    assert values.mend_postal_code("9100", "IT") == ("09100", ValueCode.LEADING_ZERO_LOST)
    assert values.mend_postal_code("118", "IT") == ("00118", ValueCode.LEADING_ZERO_LOST)
    assert values.mend_postal_code("20121", "IT") == ("20121", None)
    assert values.mend_postal_code("1010", "AT") == ("1010", None)


def test_the_check_digits_of_the_published_numbers__s_24() -> None:
    assert values.check_digit("400638133393") == "1"
    assert values.check_digit("299000000001") == "9"
    assert values.check_digit("209123456789") == "4"


def test_a_card_with_a_wrong_check_digit_is_refused__b_47() -> None:
    assert values.check_card("2091 2345 67894") == ("2091234567894", None)
    assert code_of(values.check_card, "2091234567895") == ValueCode.BAD_CHECK_DIGIT


def test_twelve_digits_are_offered_as_a_upc_when_the_check_digit_agrees__b_47() -> None:
    assert values.check_card("036000291452") == ("0036000291452", ValueCode.LEADING_ZERO_LOST)
    assert values.check_card("036000291453") == ("036000291453", None)


def test_other_cards_are_left_alone_unless_the_shop_is_strict() -> None:
    assert values.check_card("AB-123") == ("AB-123", None)
    assert code_of(values.check_card, "AB-123", strict=True) == ValueCode.BAD_CARD


@pytest.mark.parametrize("text", ["2,09123E+12", "2.09123456E+12", "2E+12"])
def test_a_card_that_a_spreadsheet_rounded_is_refused(text: str) -> None:
    assert code_of(values.check_card, text) == ValueCode.ROUNDED_NUMBER


def test_a_fiscal_code_says_birthday_and_sex() -> None:
    read = values.check_fiscal_code(" rssmra85t10a562s ", today=TODAY)

    assert read == ("RSSMRA85T10A562S", date(1985, 12, 10), "MALE")


def test_a_fiscal_code_with_letters_for_digits_is_the_same_person() -> None:
    assert values.check_fiscal_code("RSSMRAURTMLARSNL", today=TODAY).birth_on == date(1985, 12, 10)


@pytest.mark.parametrize("text", ["RSSMRA85T10A562T", "RSSMRA85T10A56", "", "RSSMRA85T72A562J", "RSSMRA85T10Q999U"])
def test_a_fiscal_code_that_cannot_be_is_refused(text: str) -> None:
    assert code_of(values.check_fiscal_code, text, today=TODAY) == ValueCode.BAD_FISCAL_CODE


def test_a_fiscal_code_is_compared_with_the_persons_own_data() -> None:
    fiscal = values.check_fiscal_code("RSSMRA85T10A562S", today=TODAY)

    assert values.compare_fiscal_code(fiscal, birth_on=date(1885, 12, 10), gender="MALE") == []
    assert values.compare_fiscal_code(fiscal, birth_on=date(1985, 10, 12), gender="FEMALE") == [
        ValueCode.FISCAL_BIRTH_DIFFERS,
        ValueCode.FISCAL_GENDER_DIFFERS,
    ]
