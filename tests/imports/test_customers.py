"""Files of people, from the first look to the undoing."""

from ritorno.kit.background import Work
from tests.factories import imports as files
from tests.factories.customers import make_customer
from tests.imports.cards import snapshot

BLANK = {"phone": "", "birth_on": "", "street": "", "postal_code": "", "city": "", "tags": ""}
PEOPLE: list[dict[str, str]] = [
    {"external_id": "1", "given_name": "Anna", "family_name": "Rossi", "email": "anna@example.it", **BLANK,
     "phone": "333 1234567", "birth_on": "03/05/1980", "street": "Via Roma 1", "postal_code": "40121",
     "city": "Bologna", "tags": "vip,amica"},
    {"external_id": "2", "given_name": "Luca", "family_name": "Bianchi", "email": "luca@example.it", **BLANK},
    {"external_id": "3", "given_name": "Rotta", "family_name": "Verdi", "email": "due@@chiocciole", **BLANK,
     "phone": "12", "birth_on": "29/02/2023"},
]  # fmt: skip


async def test_a_rehearsal_counts_what_an_application_does_and_changes_nothing(shop: Work) -> None:
    import_id = await files.upload(shop, files.a_csv(PEOPLE))
    before = await snapshot(shop)

    rehearsed = await files.rehearse(shop, import_id)

    assert rehearsed.counts == {"created": 2, "rejected": 1}
    assert await snapshot(shop) == before

    applied = await files.apply(shop, import_id)

    assert applied.state == "applied"
    assert applied.counts == rehearsed.rehearsal
    after = await snapshot(shop)
    assert [row["search_name"] for row in after["customers"]] == ["rossi anna", "bianchi luca"]
    assert {row["value"] for row in after["contact_points"]} == {
        "anna@example.it", "luca@example.it", "+393331234567", "Via Roma 1, 40121 Bologna, IT",
    }  # fmt: skip


async def test_the_same_file_twice_is_all_unchanged(shop: Work) -> None:
    await files.apply(shop, await files.upload(shop, files.a_csv(PEOPLE)))
    before = await snapshot(shop)

    again = await files.apply(shop, await files.upload(shop, files.a_csv(PEOPLE)))

    assert again.counts == {"unchanged": 2, "rejected": 1}
    assert await snapshot(shop) == before


async def test_undoing_leaves_the_cards_as_they_were(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(
            session, given_name="Anna", family_name="Rossi", email="old@example.it", external=("old-till", "1")
        )
    before = await snapshot(shop)
    import_id = await files.upload(shop, files.a_csv(PEOPLE), policies={"email": "overwrite", "tags": "append"})
    applied = await files.apply(shop, import_id)
    assert applied.counts == {"updated": 1, "created": 1, "rejected": 1}

    undone = await files.undo(shop, import_id)

    assert undone.state == "undone"
    assert undone.undo == {"removed": 1, "restored": 1}
    assert await snapshot(shop) == before
