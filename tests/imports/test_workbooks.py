"""Files as shops really send them, from the upload to the cards: workbooks, broken lines, very wide tables."""

# ruff: noqa: DTZ001 - the days of a workbook have no zone

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ritorno.imports.rules import ImportKind
from ritorno.kit.background import Work
from tests.factories.customers import make_customer
from tests.factories.files import ods, ods_row, ods_text, packed, workbook
from tests.imports.cards import bring_in, values


@pytest.mark.parametrize("is_1904", [False, True], ids=["1900", "1904"])
async def test_the_dates_of_a_workbook_are_dates_in_both_systems(shop: Work, tmp_path: Path, is_1904: bool) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["external_id", "family_name", "birth_on", "card"])
        sheet.write_row(1, 0, [1, "Rossi"])
        sheet.write_datetime(1, 2, datetime(1985, 12, 10), book.add_format({"num_format": "dd/mm/yy"}))
        sheet.write_number(1, 3, 36000291452)

    content = workbook(tmp_path / "a.xlsx", fill, date_1904=is_1904).read_bytes()

    brought = await bring_in(shop, content, name="a.xlsx", date_format="ISO")

    assert brought.outcomes == ["created"]
    assert await values(shop, "select birth_on from customers") == [date(1985, 12, 10)]
    assert await values(shop, "select kind, value from identifiers order by 1") == [
        ("CARD", "36000291452"), ("EXTERNAL", "1"),
    ]  # fmt: skip


async def test_b_47_a_card_that_excel_rounded_is_refused_and_the_zero_it_ate_comes_back(
    shop: Work, tmp_path: Path
) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["card", "family_name", "postal_code", "street", "city"])
        sheet.write_row(1, 0, [36000291452, "Rossi", 184, "Via Appia 1", "Roma"])
        sheet.write_row(2, 0, ["5,90E+12", "Verdi", "", "", ""])

    brought = await bring_in(shop, workbook(tmp_path / "a.xlsx", fill).read_bytes(), name="a.xlsx")

    assert brought.outcomes == ["created", "rejected"]
    assert brought.codes == [["leading-zero-lost"], ["rounded-number"]]


async def test_merged_cells_give_their_value_to_the_first_of_them(shop: Work, tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["external_id", "family_name", "city", "street"])
        sheet.write_row(1, 0, ["1", "Rossi", "", "Via Roma 1"])
        sheet.write_row(2, 0, ["2", "Verdi", "", "Via Po 2"])
        sheet.merge_range(1, 2, 2, 2, "Milano")

    brought = await bring_in(shop, workbook(tmp_path / "a.xlsx", fill).read_bytes(), name="a.xlsx")

    assert brought.outcomes == ["created", "created"]
    assert (await values(shop, "select city from customers order by id"))[0] == "Milano"


async def test_an_ods_comes_in(shop: Work, tmp_path: Path) -> None:
    day = '<table:table-cell office:value-type="date" office:date-value="1985-12-10"><text:p>10/12/85</text:p>'
    content = ods(
        tmp_path / "a.ods",
        ods_row(ods_text("external_id"), ods_text("family_name"), ods_text("birth_on")),
        ods_row(ods_text("1"), ods_text("Però"), f"{day}</table:table-cell>"),
    ).read_bytes()

    await bring_in(shop, content, name="a.ods", date_format="ISO")

    assert await values(shop, "select family_name, birth_on from customers") == [("Però", date(1985, 12, 10))]


async def test_a_zipped_file_of_an_old_computer_comes_in(shop: Work, tmp_path: Path) -> None:
    content = "external_id;family_name;city;street\r\n1;Però;Forlì;Via Roma 1\r\n".encode("cp1252")
    archive = packed(tmp_path / "a.zip", {"clienti.csv": content}).read_bytes()

    await bring_in(shop, archive, name="a.zip")

    assert await values(shop, "select family_name, city from customers") == [("Però", "Forlì")]


async def test_a_header_repeated_in_the_middle_is_no_person(shop: Work) -> None:
    page = [f"{number};Rossi" for number in range(1, 10)]
    lines = ["external_id;family_name", *page[:4], "external_id;family_name", *page[4:], ""]

    brought = await bring_in(shop, "\n".join(lines).encode())

    assert brought.outcomes == ["created"] * 9
    assert await values(shop, "select row_no from import_rows order by 1") == [2, 3, 4, 5, 7, 8, 9, 10, 11]


async def test_b_22_a_row_whose_quote_never_closes_is_rejected_alone_with_its_reason(shop: Work) -> None:
    content = b'external_id;family_name\n1;Rossi\n2;"Verdi\n3;Neri\n4;"Bi""anchi"\n'

    brought = await bring_in(shop, content)

    assert brought.outcomes == ["created", "rejected", "created", "created"]
    assert brought.codes[1] == ["unclosed-quote"]
    assert await values(shop, "select family_name from customers order by id") == ["Rossi", "Neri", 'Bi"anchi']


async def test_b_22_rows_with_other_numbers_of_cells_are_rejected_alone(shop: Work) -> None:
    good = b"".join(b"%d;Rossi;Roma\n" % number for number in range(3, 10))

    brought = await bring_in(shop, b"external_id;family_name;city\n1;Verdi\n2;Neri;Roma;x;y\n" + good)

    assert brought.outcomes == ["rejected", "rejected", *["created"] * 7]
    assert brought.codes[:2] == [["too-few-cells"], ["too-many-cells"]]


async def test_b_22_of_two_headers_of_one_name_each_can_be_chosen(shop: Work) -> None:
    content = b"external_id;family_name;family_name\n1;Rossi;Verdi\n"
    fields = {"external_id": "external_id", "family_name": None, "family_name (2)": "family_name"}

    await bring_in(shop, content, fields=fields)

    assert await values(shop, "select family_name from customers") == ["Verdi"]


async def test_b_22_a_byte_order_mark_is_part_of_no_header(shop: Work) -> None:
    brought = await bring_in(shop, "\ufeffexternal_id,family_name\r\n1,Rossi\r\n".encode())

    assert brought.outcomes == ["created"]


async def test_a_table_of_three_hundred_columns_comes_in_by_the_ones_that_are_mapped(shop: Work) -> None:
    headers = ["external_id", *(f"altro {number}" for number in range(298)), "family_name"]
    rows = [[str(number), *["x"] * 298, f"Rossi {number}"] for number in range(1, 4)]
    content = "\n".join(";".join(row) for row in [headers, *rows]).encode()

    brought = await bring_in(shop, content)

    assert brought.outcomes == ["created"] * 3
    assert await values(shop, "select family_name from customers order by 1") == ["Rossi 1", "Rossi 2", "Rossi 3"]


async def test_a_file_with_headers_and_no_rows_does_nothing(shop: Work) -> None:
    brought = await bring_in(shop, b"external_id;family_name\n")

    assert (brought.row.state, brought.row.counts, brought.row.row_total) == ("applied", {}, 0)


async def test_receipts_come_from_a_workbook_with_amounts_that_are_numbers(shop: Work, tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["receipt", "occurred_on", "sku", "quantity", "total", "card"])
        for row, (sku, quantity, total) in enumerate([("bread", 2, 5.1), ("milk", 0.75, 1234.5)], 1):
            sheet.write_row(row, 0, [7, "", sku, quantity, total, 100])
            sheet.write_datetime(row, 1, datetime(2024, 1, 3), day)

    content = workbook(tmp_path / "a.xlsx", fill).read_bytes()
    async with shop.session() as session:
        await make_customer(session, card="100")

    brought = await bring_in(shop, content, name="a.xlsx", kind=ImportKind.TRANSACTIONS, date_format="ISO")

    assert brought.row.counts == {"created": 2}
    assert await values(shop, "select external_id, total_minor from transactions") == [("7", 123_960)]
