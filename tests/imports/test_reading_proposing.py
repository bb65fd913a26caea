"""Columns are recognised by their headers, in two languages and abbreviated, and then by their values."""

import pytest

from ritorno.imports.reading.formats import Column
from ritorno.imports.reading.proposing import FIELDS, propose, propose_kind
from ritorno.imports.reading.vocabulary import NAMES


def columns(**samples: list[str]) -> list[Column]:
    return [column(index, name, values) for index, (name, values) in enumerate(samples.items())]


def column(index: int, name: str, values: list[str], date_formats: list[str] | None = None) -> Column:
    return Column(index, name, values, len(values), date_formats or [])


def headers(text: str) -> list[Column]:
    return [column(index, name, []) for index, name in enumerate(text.split("|"))]


def fields(kind: str, found: list[Column]) -> dict[str, str]:
    return {found[index].name: proposal.field for index, proposal in propose(kind, found).items()}


def test_every_field_has_a_name_and_every_name_a_field() -> None:
    assert set(NAMES) == {field for kind in FIELDS.values() for field in kind}


def test_the_headers_of_an_italian_till_are_recognised() -> None:
    found = headers(
        "COGNOME|NOME|RAG_SOC|TEL_CELL|TELEFONO|E-MAIL|DT_NASC|CAP|COMUNE|PROV|SESSO|TESSERA|COD_FISC|"
        "CONSENSO MARKETING|DATA CONSENSO|NOTE|NEGOZIO"
    )

    assert list(fields("customers", found).values()) == [
        "family_name", "given_name", "company_name", "phone", "phone_2", "email", "birth_on", "postal_code", "city",
        "province", "gender", "card", "fiscal_code", "consent_email", "consent_on", "note", "home_store",
    ]  # fmt: skip


def test_the_headers_of_an_english_file_are_recognised() -> None:
    found = headers("First Name|Last Name|Email Address|Mobile Phone|Date of Birth|Zip Code|City|CustomerID")

    assert list(fields("customers", found).values()) == [
        "given_name", "family_name", "email", "phone", "birth_on", "postal_code", "city", "external_id",
    ]  # fmt: skip


def test_the_headers_of_receipts_are_recognised() -> None:
    found = headers("NEGOZIO|SCONTRINO|DATA|ORA|TESSERA|EAN|DESCRIZIONE|REPARTO|MARCA|QTA|PREZZO|SCONTO|IMPORTO")

    assert list(fields("transactions", found).values()) == [
        "store", "receipt", "occurred_on", "occurred_time", "card", "sku", "product_name", "category", "brand",
        "quantity", "unit_price", "discount", "total",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Nominativo|Indirizzo|CAP|Città|Prov.|Cell.|Data di nascita", "customers"),
        ("id|nome|cognome|email", "customers"),
        ("customer_id|order_date|sku|quantity|unit_price|total", "transactions"),
        ("Data vendita|Cliente|Articolo|Totale", "transactions"),
        ("Tessera|Saldo punti|Data", "balances"),
        ("Codice|Descrizione|Reparto|Marca", "products"),
        ("Codice|Negozio|Città", "stores"),
        ("Email|Motivo|Dal", "suppressions"),
        ("Email|Finalità|Canale|Risposta|Data", "consents"),
        ("colonna|altra", None),
    ],
)
def test_the_kind_of_a_file_is_guessed_from_its_headers(header: str, kind: str | None) -> None:
    assert propose_kind(headers(header)) == kind


def test_the_exact_header_wins_and_each_field_is_proposed_once() -> None:
    assert fields("customers", headers("Email secondaria|Email|e-mail")) == {"Email": "email"}


def test_a_second_phone_takes_the_second_place() -> None:
    assert fields("customers", headers("Telefono|Cellulare")) == {"Telefono": "phone_2", "Cellulare": "phone"}
    assert fields("customers", headers("Telefono")) == {"Telefono": "phone"}


def test_values_speak_where_headers_do_not() -> None:
    found = columns(
        a=["ada@example.it", "ugo@example.it"], b=["+39 333 1234567", "3331234568"], c=["20121", "09100"],
        d=["RSSMRA85T10A562S"], e=["M", "f"], f=["2091234567894"], g=["MI", "TO"], h=["06 1234567"], i=["parole"],
    )  # fmt: skip

    assert list(fields("customers", found).values()) == [
        "email", "phone", "postal_code", "fiscal_code", "gender", "card", "province", "phone_2",
    ]  # fmt: skip
    assert {proposal.because for proposal in propose("customers", found).values()} == {"values"}


def test_dates_that_look_like_birthdays_are_proposed_as_such() -> None:
    births = [column(0, "x", ["01/02/1960", "03/04/1985"], ["DD/MM/YYYY", "MM/DD/YYYY"])]
    recent = [column(0, "x", ["01/02/2024", "03/04/2025"], ["DD/MM/YYYY"])]

    assert fields("customers", births) == {"x": "birth_on"}
    assert fields("customers", recent) == {}
    assert fields("transactions", recent) == {"x": "occurred_on"}


def test_a_header_outranks_values_and_is_surer() -> None:
    found = columns(recapito=["ada@example.it"], email=["eva@example.it"])

    proposals = propose("customers", found)

    assert list(proposals) == [1]
    assert (proposals[1].field, proposals[1].because) == ("email", "header")
    assert proposals[1].confidence > 0.9


def test_an_ean_of_a_receipt_is_a_product_unless_it_is_a_card() -> None:
    assert fields("transactions", columns(x=["4006381333931"])) == {"x": "sku"}
    assert fields("transactions", columns(x=["2091234567894"])) == {"x": "card"}
