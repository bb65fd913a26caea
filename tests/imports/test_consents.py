"""What files say of consent: never more than they can prove, and never against a no (B-06…B-09, C-10)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from ritorno.consents import service as consents
from ritorno.consents.rules import Action, Channel, Method, Purpose, SuppressionReason
from ritorno.consents.service import Incoming
from ritorno.duplicates import service as duplicates
from ritorno.imports.rules import ImportKind
from ritorno.kit.background import Work
from tests.factories import imports as files
from tests.factories.consents import make_consent, make_notice_version
from tests.factories.customers import make_customer

ANNA = {"external_id": "1", "given_name": "Anna", "family_name": "Rossi", "email": "anna@example.it"}


async def the_notice(work: Work) -> str:
    async with work.session() as session:
        version = await make_notice_version(session)
        return version.text_sha256


async def states(work: Work) -> dict[tuple[str, str], str]:
    async with work.sessions() as session:
        rows = await session.execute(text("select purpose, channel, standing from consent_states"))
        return {(purpose, channel): standing for purpose, channel, standing in rows}


async def findings(work: Work, import_id: UUID) -> list[str]:
    async with work.sessions() as session:
        rows = await session.execute(text("select problem from import_rows where import_id = :id"), {"id": import_id})
        return [found["code"] for (problem,) in rows for found in problem or []]


async def apply(work: Work, row: dict[str, str], **more: Any) -> tuple[UUID, dict[str, int]]:
    import_id = await files.upload(work, files.a_csv([row]), **more)
    return import_id, (await files.apply(work, import_id)).counts


async def test_b_06_a_yes_without_date_text_or_source_proves_nothing(shop: Work) -> None:
    import_id, counts = await apply(shop, ANNA | {"consent_email": "SI"})

    assert await states(shop) == {("MKT_OWN", "EMAIL"): "UNPROVEN"}
    assert await findings(shop, import_id) == ["UNPROVEN"]
    assert counts == {"created": 1, "UNPROVEN": 1}


async def test_b_09_a_yes_to_an_unknown_text_proves_nothing(shop: Work) -> None:
    row = ANNA | {
        "consent_email": "si",
        "consent_on": "01/02/2024",
        "consent_text": "nobody@7",
        "consent_evidence": "f/1",
    }

    await apply(shop, row)

    assert await states(shop) == {("MKT_OWN", "EMAIL"): "UNPROVEN"}


async def test_a_yes_with_date_text_and_evidence_counts(shop: Work) -> None:
    known = await the_notice(shop)
    row = ANNA | {"consent_email": "sì", "consent_on": "01/02/2024", "consent_text": known, "consent_evidence": "f/1"}

    await apply(shop, row)

    assert await states(shop) == {("MKT_OWN", "EMAIL"): "GRANTED"}


async def test_c_10_an_old_yes_from_a_file_does_not_undo_a_later_no(shop: Work) -> None:
    known = await the_notice(shop)
    async with shop.session() as session:
        anna = await make_customer(session, external=("old-till", "1"), email="anna@example.it")
        await consents.record_many(
            session,
            [Incoming(anna.id, Purpose.MKT_OWN, Channel.EMAIL, Action.WITHDRAW, datetime(2024, 5, 10, tzinfo=UTC),
                      Method.POS_PAPER)],
            actor=files.STAFF,
        )  # fmt: skip
    row = ANNA | {"consent_email": "sì", "consent_on": "03/03/2024", "consent_text": known, "consent_evidence": "f/1"}

    await apply(shop, row)

    assert await states(shop) == {("MKT_OWN", "EMAIL"): "WITHDRAWN"}


async def test_b_08_a_consent_in_the_future_or_before_its_text_rejects_its_row(shop: Work) -> None:
    known = await the_notice(shop)
    proof = {"consent_email": "sì", "consent_text": known, "consent_evidence": "f/1"}
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).strftime("%d/%m/%Y")

    for day in (tomorrow, "01/01/2019"):
        import_id, counts = await apply(shop, ANNA | proof | {"consent_on": day})

        assert counts == {"rejected": 1, "BAD_TIME": 1}
        assert "BAD_TIME" in await findings(shop, import_id)
    assert await states(shop) == {}


async def test_b_07_who_is_suppressed_stays_so_and_is_counted(shop: Work) -> None:
    async with shop.session() as session:
        for address, reason in (("anna@example.it", "COMPLAINT"), ("luca@example.it", "ERASED")):
            await consents.suppress(
                session, channel=Channel.EMAIL, match_key=address, reason=SuppressionReason(reason), actor=files.STAFF
            )
    luca = {"external_id": "2", "given_name": "Luca", "family_name": "Bianchi", "email": "luca@example.it"}

    import_id = await files.upload(shop, files.a_csv([ANNA, luca]))
    applied = await files.apply(shop, import_id)

    assert applied.counts == {"created": 2, "SUPPRESSED": 1, "SUPPRESSED_ERASED": 1}
    async with shop.sessions() as session:
        assert await session.scalar(text("select count(*) from suppressions where lifted_at is null")) == 2


async def test_undoing_takes_back_a_yes_but_never_a_no(shop: Work) -> None:
    known = await the_notice(shop)
    async with shop.session() as session:
        await make_customer(session, external=("old-till", "1"), given_name="Anna", family_name="Rossi")
    row = {"external_id": "1", "consent_email": "sì", "consent_sms": "no", "consent_on": "01/02/2024"}
    import_id, counts = await apply(shop, row | {"consent_text": known, "consent_evidence": "f/1"})
    assert counts == {"updated": 1}

    undone = await files.undo(shop, import_id)

    assert await states(shop) == {("MKT_OWN", "EMAIL"): "UNPROVEN", ("MKT_OWN", "SMS"): "REFUSED"}
    assert undone.undo == {"kept": 1}


async def test_the_same_answers_twice_change_nothing(shop: Work) -> None:
    rows = [ANNA | {"consent_email": "sì", "consent_phone": "no"}]
    await files.apply(shop, await files.upload(shop, files.a_csv(rows)))

    again = await files.apply(shop, await files.upload(shop, files.a_csv(rows)))

    assert again.counts == {"unchanged": 1, "UNPROVEN": 1}


async def test_answers_come_alone_by_the_keys_of_the_card(shop: Work) -> None:
    known = await the_notice(shop)
    async with shop.session() as session:
        await make_customer(session, card="100")
    rows = [
        {"card": "100", "purpose": "marketing", "channel": "sms", "answer": "si"},
        {"card": "999", "purpose": "marketing", "channel": "sms", "answer": "si"},
        {"card": "100", "purpose": "marketing", "channel": "", "answer": "si"},
    ]
    proof = {"occurred_on": "01/02/2024", "notice": known, "evidence": "f/2"}

    import_id = await files.upload(shop, files.a_csv([row | proof for row in rows]), kind=ImportKind.CONSENTS)
    rehearsed = await files.rehearse(shop, import_id)
    applied = await files.apply(shop, import_id)

    assert applied.counts == rehearsed.rehearsal == {"updated": 1, "rejected": 2}
    assert await states(shop) == {("MKT_OWN", "SMS"): "GRANTED"}


async def said_on_paper(work: Work, customer_id: UUID, action: Action, day: int) -> None:
    async with work.session() as session:
        said = Incoming(
            customer_id, Purpose.MKT_OWN, Channel.EMAIL, action, datetime(2024, 1, day, tzinfo=UTC), Method.POS_PAPER
        )
        await consents.record_many(session, [said], actor=files.STAFF)


async def proven(work: Work, **more: str) -> dict[str, str]:
    proof = {"consent_on": "01/02/2024", "consent_text": await the_notice(work), "consent_evidence": "f/1"}
    return {"external_id": "1", "consent_email": "sì"} | proof | more


async def test_undoing_a_yes_says_again_the_no_that_stood_before(shop: Work) -> None:
    async with shop.session() as session:
        anna = await make_customer(session, external=("old-till", "1"))
    await said_on_paper(shop, anna.id, Action.WITHDRAW, 10)
    import_id, _ = await apply(shop, await proven(shop))
    assert await states(shop) == {("MKT_OWN", "EMAIL"): "GRANTED"}

    await files.undo(shop, import_id)

    assert await states(shop) == {("MKT_OWN", "EMAIL"): "WITHDRAWN"}


async def test_undoing_a_yes_leaves_one_that_was_given_later(shop: Work) -> None:
    async with shop.session() as session:
        anna = await make_customer(session, external=("old-till", "1"))
        version = await make_notice_version(session)
    import_id, _ = await apply(shop, await proven(shop))
    async with shop.session() as session:
        await make_consent(session, anna.id, at=datetime(2025, 1, 1, tzinfo=UTC), version=version)

    await files.undo(shop, import_id)

    assert await states(shop) == {("MKT_OWN", "EMAIL"): "GRANTED"}


async def test_a_yes_taken_back_once_is_told_when_its_file_comes_again(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(session, external=("old-till", "1"))
    row = await proven(shop)
    import_id, _ = await apply(shop, row)
    await files.undo(shop, import_id)

    again, _ = await apply(shop, row)

    assert await findings(shop, again) == ["taken-back-before"]


async def test_undoing_reaches_the_living_card_of_somebody_merged_since(shop: Work) -> None:
    async with shop.session() as session:
        old = await make_customer(session, external=("old-till", "1"), email="anna@example.it")
        living = await make_customer(session, family_name="Rossi Neri")
    import_id, _ = await apply(shop, await proven(shop))
    async with shop.session() as session:
        await duplicates.merge(session, winner_id=living.id, loser_id=old.id, choices={}, actor=files.STAFF)

    await files.undo(shop, import_id)

    async with shop.sessions() as session:
        where = {"id": living.id}
        standing = await session.scalar(text("select standing from consent_states where customer_id = :id"), where)
    assert standing != "GRANTED"


async def test_a_no_from_another_file_keeps_the_card_it_was_said_on(shop: Work) -> None:
    people, _ = await apply(shop, ANNA)
    await apply(shop, {"external_id": "1", "consent_email": "no"})

    undone = await files.undo(shop, people)

    assert undone.undo == {"kept": 1}
    assert await states(shop) == {("MKT_OWN", "EMAIL"): "REFUSED"}
