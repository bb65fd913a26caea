"""Who a row of a file is: exact keys, surest first, and never one card for two people (B-15)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update

from ritorno.customers.models import Customer, Identifier
from ritorno.customers.rules import ContactLevel, MatchRule
from ritorno.imports.loading import ahead
from ritorno.kit.background import Work
from tests.factories import imports as files
from tests.factories.customers import make_customer
from tests.imports.cards import bring_in, snapshot, values

BORN = date(1980, 5, 3)
ANNA = {"given_name": "Anna", "family_name": "Rossi"}
CODE = "RSSNNA80E43A944O"
KEYS: dict[str, dict[str, str]] = {
    "external_id": {"external_id": "1"},
    "card": {"card": "100"},
    "fiscal_code": {"fiscal_code": CODE},
    "email": {"email": "Anna@Example.it"},
    "phone": {"phone": "333 1234567"},
    "name_birth": {"birth_on": "03/05/1980"},
    "name_address": {"street": "via roma 1", "postal_code": "40121", "city": "BOLOGNA"},
}


async def known(work: Work, **more: Any) -> UUID:
    async with work.session() as session:
        return (await make_customer(session, **more)).id


async def known_by(work: Work, rule: str) -> UUID:
    """Make a card of Anna Rossi that only one rule can find."""
    if rule == "name_address":
        row = ANNA | KEYS[rule] | {"external_id": "first"}
        return (await bring_in(work, [row], source="another-till")).subjects[0]  # type: ignore[return-value]
    stated: dict[str, dict[str, Any]] = {
        "external_id": {"external": ("old-till", "1")},
        "card": {"card": "100"},
        "email": {"email": "anna@example.it"},
        "phone": {"phone": "+393331234567"},
        "name_birth": {"birth_on": BORN},
    }
    anna = await known(work, **stated.get(rule, {}))
    if rule == "fiscal_code":
        async with work.session() as session:
            session.add(Identifier(customer_id=anna, kind="FISCAL", source="IT", value=CODE))
    return anna


@pytest.mark.parametrize("rule", list(MatchRule))
async def test_each_way_of_recognising_finds_the_card_alone(shop: Work, rule: MatchRule) -> None:
    anna = await known_by(shop, rule.value)

    brought = await bring_in(shop, [ANNA | KEYS[rule.value] | {"note": "same person"}])

    assert brought.subjects == [anna]
    assert brought.rules == [rule.value]


async def test_the_surer_way_wins(shop: Work) -> None:
    order = [rule.value for rule in MatchRule if rule not in {MatchRule.EXTERNAL_ID, MatchRule.CARD}]
    people = {rule: await known_by(shop, rule) for rule in order if rule != "name_address"}

    for rule in order[:-1]:
        row = ANNA.copy()
        for less_sure in order[order.index(rule) :]:
            row |= KEYS[less_sure]
        brought = await bring_in(shop, [row], rehearses=False, fields={"fiscal_code": "fiscal_code"})

        assert brought.subjects == [people[rule]], rule
        await files.undo(shop, brought.id)


async def test_a_rule_that_is_switched_off_recognises_nobody(shop: Work) -> None:
    await known_by(shop, "email")

    brought = await bring_in(shop, [ANNA | KEYS["email"]], match=["external_id", "card"])

    assert brought.outcomes == ["created"]


async def test_b_15_father_and_son_of_one_name_who_share_phone_and_email_stay_two(shop: Work) -> None:
    family = {"given_name": "Mario", "family_name": "Conti", "phone": "333 1234567", "email": "conti@example.it"}
    rows = [family | {"birth_on": "01/02/1950"}, family | {"birth_on": "07/08/1985"}]

    first = await bring_in(shop, rows)
    again = await bring_in(shop, rows)

    assert first.outcomes == ["created", "created"]
    assert again.outcomes == ["unchanged", "unchanged"]
    assert again.subjects == first.subjects


async def test_b_15_twins_stay_two(shop: Work) -> None:
    twin = {"family_name": "Conti", "birth_on": "01/02/2000", "email": "conti@example.it", "phone": "333 1234567"}
    rows = [twin | {"given_name": "Ugo"}, twin | {"given_name": "Ivo"}]

    first = await bring_in(shop, rows)
    again = await bring_in(shop, rows)

    assert first.outcomes == ["created", "created"]
    assert again.subjects == first.subjects


async def test_b_15_spouses_at_one_address_stay_two(shop: Work) -> None:
    home = KEYS["name_address"] | {"family_name": "Conti"}
    rows = [home | {"given_name": "Ada"}, home | {"given_name": "Ugo"}]

    first = await bring_in(shop, rows)
    again = await bring_in(shop, rows)

    assert first.outcomes == ["created", "created"]
    assert again.subjects == first.subjects


@pytest.mark.parametrize(
    ("level", "outcome"), [(ContactLevel.CONFIRMED, "updated"), (ContactLevel.UNVERIFIED, "created")]
)
async def test_only_a_verified_address_recognises_a_card_without_a_name(
    shop: Work, level: ContactLevel, outcome: str
) -> None:
    await known(shop, given_name=None, family_name=None, email="anna@example.it", level=level)

    brought = await bring_in(shop, [ANNA | KEYS["email"]])

    assert brought.outcomes == [outcome]


async def test_an_address_does_not_make_two_names_one_person(shop: Work) -> None:
    await known(shop, given_name="Luca", family_name="Bianchi", email="anna@example.it")

    brought = await bring_in(shop, [ANNA | KEYS["email"]])

    assert brought.outcomes == ["created"]


async def test_of_two_cards_that_both_fit_the_older_one_is_meant(shop: Work) -> None:
    older = await known_by(shop, "email")
    await known_by(shop, "email")

    brought = await bring_in(shop, [ANNA | KEYS["email"]])

    assert brought.subjects == [older]


async def test_keys_of_two_cards_in_one_row_reject_it(shop: Work) -> None:
    await known(shop, card="100")
    await known(shop, external=("old-till", "1"))
    before = await snapshot(shop)

    brought = await bring_in(shop, [ANNA | {"card": "100", "external_id": "1", "email": "x@example.it"}])

    assert (brought.outcomes, brought.codes) == (["rejected"], [["several-cards"]])
    assert await snapshot(shop) == before


async def test_a_fiscal_code_that_contradicts_the_card_rejects_the_row(shop: Work) -> None:
    anna = await known(shop, card="100")
    async with shop.session() as session:
        session.add(Identifier(customer_id=anna, kind="FISCAL", source="IT", value="BNCLCU85T10A944Y"))
    before = await snapshot(shop)

    brought = await bring_in(shop, [ANNA | {"card": "100", "fiscal_code": CODE, "note": "n"}])

    assert (brought.outcomes, brought.codes) == (["rejected"], [["fiscal-code-differs"]])
    assert await snapshot(shop) == before


async def test_the_card_number_of_somebody_who_was_erased_makes_no_new_card(shop: Work) -> None:
    anna = await known(shop, card="100")
    async with shop.session() as session:
        await session.execute(update(Customer).where(Customer.id == anna).values(erased_at=datetime.now(UTC)))

    brought = await bring_in(shop, [ANNA | {"card": "100"}])

    assert (brought.outcomes, brought.codes) == (["rejected"], [["customer-erased"]])


async def test_somebody_known_under_other_keys_is_merged_into_their_card(shop: Work) -> None:
    anna = await known(shop, card="100")

    brought = await bring_in(shop, [ANNA | {"external_id": "1", "card": "100"}])

    assert (brought.outcomes, brought.subjects) == (["merged"], [anna])
    assert await values(shop, "select value from identifiers order by 1") == ["1", "100"]


TWICE: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "same key": ({"external_id": "1"}, {"external_id": "1"}),
    "same name and email": ({"email": "anna@example.it"}, {"email": "ANNA@example.it"}),
    "same name and birth date": ({"birth_on": "03/05/1980"}, {"birth_on": "03/05/1980"}),
    "other keys of one card": ({"external_id": "1", "card": "100"}, {"card": "100"}),
    "name in another order": ({"email": "anna@example.it"}, {"email": "anna@example.it", "given_name": "Rossi",
                                                             "family_name": "Anna"}),
}  # fmt: skip


@pytest.mark.parametrize("chunk", [1, 5_000], ids=["chunks apart", "one chunk"])
@pytest.mark.parametrize("case", TWICE)
async def test_a_person_who_stands_twice_in_a_file_gets_one_card(
    shop: Work, monkeypatch: pytest.MonkeyPatch, case: str, chunk: int
) -> None:
    monkeypatch.setattr(ahead, "CHUNK", chunk)
    one, other = TWICE[case]
    blank = dict.fromkeys([*one, *other], "")

    brought = await bring_in(shop, [blank | ANNA | one | {"note": "a"}, blank | ANNA | other | {"note": "b"}])

    assert brought.outcomes == ["created", "updated"]
    assert brought.subjects[0] == brought.subjects[1]
    assert await values(shop, "select body from customer_notes order by 1") == ["a", "b"]


async def test_one_row_between_two_others_joins_the_card_of_the_first(shop: Work) -> None:
    """Two rows with other keys are two cards until a third holds the keys of both, and that one is refused."""
    blank = {"external_id": "", "card": ""}
    rows = [
        ANNA | blank | {"external_id": "1"},
        ANNA | blank | {"card": "100"},
        ANNA | {"external_id": "1", "card": "100"},
    ]

    brought = await bring_in(shop, rows)

    assert brought.outcomes == ["created", "created", "rejected"]
    assert brought.codes[2] == ["several-cards"]


# ── keys of one source ────────────────────────────────────────────────────────────────────────────────────────────────

ALL_BUT_KEYS = ANNA | KEYS["email"] | KEYS["phone"] | KEYS["name_birth"] | KEYS["name_address"]


async def test_two_keys_of_one_source_are_two_people_whatever_else_they_share(shop: Work) -> None:
    rows = [ALL_BUT_KEYS | {"external_id": key} for key in ("1", "2")]

    first = await bring_in(shop, rows)
    again = await bring_in(shop, rows)

    assert first.outcomes == ["created", "created"]
    assert (again.outcomes, again.subjects) == (["unchanged", "unchanged"], first.subjects)


async def test_the_keys_of_two_sources_may_be_one_person(shop: Work) -> None:
    first = await bring_in(shop, [ALL_BUT_KEYS | {"external_id": "1"}], source="web-shop")

    second = await bring_in(shop, [ALL_BUT_KEYS | {"external_id": "1"}])

    assert (second.outcomes, second.subjects, second.rules) == (["merged"], first.subjects, ["email"])


async def test_a_name_with_a_birth_date_or_a_house_recognises_no_row_that_has_a_key(shop: Work) -> None:
    await bring_in(shop, [ANNA | KEYS["name_birth"] | KEYS["name_address"]], source="web-shop")

    brought = await bring_in(shop, [ANNA | KEYS["name_birth"] | KEYS["name_address"] | {"external_id": "1"}])

    assert brought.outcomes == ["created"]
