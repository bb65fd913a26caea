"""What a column may do to what a card says already, and what becomes of cells that are odd."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from ritorno.customers.rules import ContactLevel
from ritorno.imports import service
from ritorno.imports.errors import MappingIncomplete
from ritorno.imports.loading.customers import split_name
from ritorno.imports.rules import NameOrder
from ritorno.kit.background import Work
from tests.factories import imports as files
from tests.factories.customers import make_customer
from tests.imports.cards import Brought, bring_in, values

LATER, EARLIER = "01/01/2090", "01/01/2001"


async def known(work: Work, **more: Any) -> UUID:
    """Make the card that stands under the key 1."""
    async with work.session() as session:
        return (await make_customer(session, external=("old-till", "1"), **more)).id


async def state(work: Work, row: dict[str, str], policy: str | None = None, **more: Any) -> Brought:
    """Apply a row about the card under the key 1, with one policy for all it states."""
    policies = dict.fromkeys(row, policy) if policy else {}
    return await bring_in(work, [{"external_id": "1"} | row], policies=policies, **more)


async def the_card(work: Work, column: str) -> Any:
    [value] = await values(work, f"select {column} from customers")
    return value


FIELDS: dict[str, tuple[dict[str, Any], str, Any, Any]] = {
    # What the card says, what the file says, and the column before and after it is overwritten.
    "given_name": ({"given_name": "Anna"}, "Luisa", "Anna", "Luisa"),
    "family_name": ({"family_name": "Rossi"}, "Verdi", "Rossi", "Verdi"),
    "birth_on": ({"birth_on": date(1980, 5, 3)}, "04/06/1981", date(1980, 5, 3), date(1981, 6, 4)),
    "gender": ({"gender": "MALE"}, "F", "MALE", "FEMALE"),
    "language": ({"language": "en"}, "Tedesco", "en", "de"),
    "country": ({"country": "FR"}, "Italia", "FR", "IT"),
    "spending_capacity": ({"spending_capacity": "LOW"}, "high", "LOW", "HIGH"),
    "acquisition_source": ({"acquisition_source": "STAFF"}, "web", "STAFF", "WEB"),
    "first_contact_on": ({"first_contact_on": date(2020, 1, 1)}, "01/01/2010", date(2020, 1, 1), date(2010, 1, 1)),
}


@pytest.mark.parametrize("field", FIELDS)
async def test_each_field_fills_overwrites_or_follows_the_newest(shop: Work, field: str) -> None:
    said, cell, before, after = FIELDS[field]
    await known(shop, **said)

    assert (await state(shop, {field: cell}, "fill")).outcomes == ["unchanged"]
    assert await the_card(shop, field) == before
    await bring_in(shop, [{"external_id": "1", field: cell, "changed_on": EARLIER}], policies={field: "newest"})
    assert await the_card(shop, field) == before
    newest = await bring_in(shop, [{"external_id": "1", field: cell, "changed_on": LATER}], policies={field: "newest"})
    assert await the_card(shop, field) == after
    await files.undo(shop, newest.id)
    assert await the_card(shop, field) == before
    assert (await state(shop, {field: cell}, "overwrite")).outcomes == ["updated"]
    assert await the_card(shop, field) == after


@pytest.mark.parametrize("policy", ["fill", "overwrite", "newest"])
async def test_whatever_the_policy_a_field_that_is_empty_is_filled(shop: Work, policy: str) -> None:
    await known(shop, given_name=None)

    await state(shop, {"given_name": "Anna"}, policy)

    assert await the_card(shop, "given_name") == "Anna"


async def test_the_store_of_a_card_follows_its_policy_and_a_rehearsal_knows_the_stores(shop: Work) -> None:
    await state(shop, {"home_store": "bo"})
    home = "select s.code from customers c join stores s on s.id = c.home_store_id"

    await state(shop, {"home_store": "mi"}, "fill")
    assert await values(shop, home) == ["bo"]
    assert (await state(shop, {"home_store": "mi"}, "overwrite")).outcomes == ["updated"]
    assert await values(shop, home) == ["mi"]
    assert (await state(shop, {"home_store": "mi"}, "overwrite")).outcomes == ["unchanged"]


async def test_a_full_name_and_a_company_follow_the_policy_of_their_column(shop: Work) -> None:
    await known(shop, given_name="Anna", family_name="Rossi")

    await state(shop, {"full_name": "Verdi Luisa"}, "overwrite")
    assert await the_card(shop, "family_name || ' ' || given_name") == "Verdi Luisa"
    await state(shop, {"company_name": "Bar Sport"}, "overwrite")
    assert await the_card(shop, "family_name || ' ' || subject_type") == "Bar Sport COMPANY"


@pytest.mark.parametrize("policy", ["fill", "overwrite", "newest"])
async def test_a_blank_cell_never_clears(shop: Work, policy: str) -> None:
    stated = {"given_name": "Anna", "birth_on": "03/05/1980", "email": "a@example.it", "phone": "333 1234567",
              "street": "Via Roma 1", "city": "Bologna", "language": "en"}  # fmt: skip
    await state(shop, stated)

    brought = await state(shop, dict.fromkeys(stated, "") | {"given_name": " "}, policy)
    tags = await state(shop, {"tags": "", "interests": " , "}, "overwrite")

    assert brought.outcomes == tags.outcomes == ["unchanged"]


ADDRESSES = "select value, is_primary from contact_points where kind = :kind and valid_to is null order by is_primary"


@pytest.mark.parametrize(
    ("policy", "standing"),
    [
        ("fill", [("old@example.it", True)]),
        ("append", [("new@example.it", False), ("old@example.it", True)]),
        ("overwrite", [("new@example.it", True)]),
        ("newest", [("new@example.it", True)]),
    ],
)
async def test_an_address_fills_stands_beside_or_replaces(
    shop: Work, policy: str, standing: list[tuple[str, bool]]
) -> None:
    await known(shop, email="old@example.it")

    await bring_in(
        shop,
        [{"external_id": "1", "email": "new@example.it", "changed_on": LATER}],
        policies={"email": policy},
    )

    assert await values(shop, ADDRESSES, kind="EMAIL") == standing


async def test_an_address_as_old_as_the_file_says_does_not_replace_a_newer_one(shop: Work) -> None:
    await known(shop, email="old@example.it")

    row = {"external_id": "1", "email": "new@example.it", "changed_on": EARLIER}
    brought = await bring_in(shop, [row], policies={"email": "newest"})

    assert brought.outcomes == ["unchanged"]


async def test_a_replaced_address_is_kept_with_its_dates(shop: Work) -> None:
    await known(shop, email="old@example.it")

    await state(shop, {"email": "new@example.it"}, "overwrite")

    ended = "select value, valid_to is not null from contact_points order by 1"
    assert await values(shop, ended) == [("new@example.it", False), ("old@example.it", True)]


async def test_two_phones_of_one_row_never_replace_each_other(shop: Work) -> None:
    await known(shop, phone="+393331234567")
    row = {"phone": "333 1234567", "phone_2": "347 7654321"}

    first = await state(shop, row, "overwrite")
    again = await state(shop, row, "overwrite")

    assert (first.outcomes, again.outcomes) == (["updated"], ["unchanged"])
    assert await values(shop, ADDRESSES, kind="PHONE") == [("+393477654321", False), ("+393331234567", True)]


LABELS = """
    select string_agg(tag, ',' order by tag) from customer_tags
    union all select string_agg(label, ',' order by label) from customer_interests
"""


async def test_tags_and_interests_are_added_or_replaced(shop: Work) -> None:
    await state(shop, {"tags": "vip, amica ,vip", "interests": "tè"})
    assert await values(shop, LABELS) == ["amica,vip", "tè"]

    await state(shop, {"tags": "nuova", "interests": "caffè"})
    assert await values(shop, LABELS) == ["amica,nuova,vip", "caffè,tè"]

    await state(shop, {"tags": "nuova", "interests": "caffè"}, "overwrite")
    assert await values(shop, LABELS) == ["nuova", "caffè"]


async def test_a_note_is_written_once(shop: Work) -> None:
    await state(shop, {"note": "ama il caffè\nlungo"})
    await state(shop, {"note": "ama il caffè\nlungo"})

    assert await values(shop, "select body from customer_notes") == ["ama il caffè\nlungo"]


# ── odd cells ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_postal_code_that_lost_its_zero_gets_it_back_and_says_so(shop: Work) -> None:
    brought = await state(shop, {"street": "Via Appia 1", "postal_code": "184", "city": "Roma"})

    assert brought.codes == [["leading-zero-lost"]]
    assert await values(shop, "select address ->> 'postal_code' from contact_points") == ["00184"]
    assert brought.row.counts == {"created": 1, "leading-zero-lost": 1}


@pytest.mark.parametrize(
    ("full", "order", "expected"),
    [
        ("De Luca Maria", NameOrder.FAMILY_FIRST, ("Maria", "De Luca")),
        ("Maria De Luca", NameOrder.GIVEN_FIRST, ("Maria", "De Luca")),
        ("Rossi Anna Maria", NameOrder.FAMILY_FIRST, ("Anna Maria", "Rossi")),
        ("Anna Maria Rossi", NameOrder.GIVEN_FIRST, ("Anna Maria", "Rossi")),
        ("Rossi, Anna", NameOrder.GIVEN_FIRST, ("Anna", "Rossi")),
        ("D' Amico Ugo", NameOrder.FAMILY_FIRST, ("Ugo", "D' Amico")),
        ("De", NameOrder.FAMILY_FIRST, (None, "De")),
        ("De Luca", NameOrder.FAMILY_FIRST, ("Luca", "De")),
        (",", NameOrder.FAMILY_FIRST, (None, None)),
    ],
)
def test_a_full_name_is_split_in_the_declared_order(full: str, order: NameOrder, expected: tuple[Any, Any]) -> None:
    assert split_name(full, order) == expected


async def test_a_full_name_becomes_two(shop: Work) -> None:
    await state(shop, {"full_name": "De Luca Maria"})

    assert await values(shop, "select given_name, family_name, search_name from customers") == [
        ("Maria", "De Luca", "de luca maria")
    ]


async def test_a_company_has_one_name(shop: Work) -> None:
    await state(shop, {"company_name": "Bar Sport S.n.c."})

    assert await values(shop, "select subject_type, family_name, given_name from customers") == [
        ("COMPANY", "Bar Sport S.n.c.", None)
    ]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x.example";"a")', "@SUM(A1)", "+39 cose", "-1+2"])
async def test_b_20_a_name_that_looks_like_a_formula_is_stored_as_it_is(shop: Work, name: str) -> None:
    await state(shop, {"family_name": name})

    assert await the_card(shop, "family_name") == name


async def test_b_21_what_hides_in_a_name_is_stripped_and_what_shows_is_kept(shop: Work) -> None:
    await state(shop, {"family_name": "\u202eRossi\x07", "given_name": "<script>{{7*7}}"})

    assert await values(shop, "select family_name, given_name from customers") == [("Rossi", "<script>{{7*7}}")]


async def test_b_21_a_name_longer_than_any_rejects_its_row(shop: Work) -> None:
    brought = await state(shop, {"family_name": "R" * 201})

    assert (brought.outcomes, brought.codes) == (["rejected"], [["too-long"]])


CARDS = {
    "5901234123457": ("5901234123457", []),
    "5901234123458": (None, ["bad-check-digit"]),
    "590 1234 123457": ("5901234123457", []),
    "036000291452": ("0036000291452", ["leading-zero-lost"]),
    "1234": ("1234", []),
}


@pytest.mark.parametrize("cell", CARDS)
async def test_b_47_a_card_number_is_checked_and_its_lost_zero_put_back(shop: Work, cell: str) -> None:
    kept, codes = CARDS[cell]

    brought = await bring_in(shop, [{"card": cell, "family_name": "Rossi"}])

    assert brought.codes == [codes]
    assert await values(shop, "select value from identifiers") == ([kept] if kept else [])


async def test_b_47_a_shop_whose_cards_have_no_check_digit_says_so(shop: Work) -> None:
    brought = await bring_in(shop, [{"card": "5901234123458", "family_name": "Rossi"}], checks_cards=False)

    assert brought.outcomes == ["created"]


@pytest.mark.parametrize("cell", ["è", "i", "日本", "??"])
async def test_a_language_that_is_none_rejects_its_row_and_no_other(shop: Work, cell: str) -> None:
    rows = [{"external_id": "1", "language": cell}, {"external_id": "2", "language": "English"}]

    brought = await bring_in(shop, rows)

    assert brought.outcomes == ["rejected", "created"]
    assert await the_card(shop, "language") == "en"


async def test_b_18_a_date_column_without_its_format_cannot_be_applied(shop: Work) -> None:
    rows = [{"external_id": "1", "birth_on": "01/02/2003"}]
    import_id = await files.upload(shop, files.a_csv(rows), date_format="")

    for ask in (service.rehearse, service.apply):
        async with shop.session() as session:
            with pytest.raises(MappingIncomplete) as refused:
                await ask(session, import_id, actor=files.STAFF)
        assert refused.value.extra["faults"] == [{"code": "date-format-missing", "column": 1}]


@pytest.mark.parametrize(
    ("day", "codes"),
    [("01/01/2031", ["bad-birth"]), ("01/01/1890", ["bad-birth"]), ("29/02/2023", ["no-such-day"]),
     ("2003-02-01", ["bad-date"]), ("01/02/2003", [])],
)  # fmt: skip
async def test_b_18_a_birthday_that_cannot_be_rejects_its_row(shop: Work, day: str, codes: list[str]) -> None:
    brought = await state(shop, {"birth_on": day})

    assert brought.codes == [codes]


async def test_everything_wrong_with_a_row_is_told_at_once(shop: Work) -> None:
    row = {"birth_on": "31/02/1980", "email": "a@@b", "phone": "12", "fiscal_code": "RSSNNA80E43A944X"}
    brought = await state(shop, row)

    async with shop.sessions() as session:
        problem = await session.scalar(text("select problem from import_rows"))
    assert {found["column"] for found in problem} == set(row)
    assert "a@@b" not in str(problem)
    assert len(brought.codes[0]) == 4


async def test_an_unverified_level_is_where_an_address_begins(shop: Work) -> None:
    await state(shop, {"email": "a@example.it"})

    assert await values(shop, "select level from contact_points") == [ContactLevel.UNVERIFIED]
