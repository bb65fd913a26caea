"""The mark of an erased person stands nowhere: not in a table, not in a file, not in the lake (C-24)."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.campaigns import service as campaigns
from ritorno.consents import hashing
from ritorno.consents.models import Reply
from ritorno.consents.rules import Channel
from ritorno.customers.models import Customer
from ritorno.duplicates import service as duplicates
from ritorno.embedded import Services
from ritorno.erasures import service
from ritorno.erasures.rules import AskedBy, ReportedBy, RestrictionGround
from ritorno.erasures.schemas import DeathReportCreate, HoldCreate, RestrictionCreate
from ritorno.exports import jobs as export_jobs
from ritorno.exports.models import Export
from ritorno.imports import jobs as import_jobs
from ritorno.imports.lake import archive
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.idempotency import IdempotencyKey
from ritorno.privacy import jobs as privacy_jobs
from ritorno.quality.models import CardConfirmation
from ritorno.scores import service as scores
from ritorno.transactions.models import UnclaimedTransaction
from ritorno.transactions.rules import HoldKind
from tests.conftest import Sessions, settings_for
from tests.erasures.planting import MARK, PHONE, columns_with, files_with, plant
from tests.factories.campaigns import make_campaign
from tests.factories.customers import make_customer
from tests.factories.duplicates import make_double
from tests.factories.imports import a_csv, apply, upload
from tests.factories.transactions import a_line, make_transaction

STAFF = Actor("user", UUID(int=11), "Giulia", frozenset({"*"}), "owner")

STAYS = {
    ("soft_optins", "order_source"): "the proof of an address given at a sale: the number of the order",
    ("soft_optins", "order_external_id"): "the same",
    ("transactions", "source"): "an accounting document: its till",
    ("transactions", "external_id"): "an accounting document: its number",
    ("transactions", "original_source"): "an accounting document: the receipt it gives back",
    ("transactions", "original_external_id"): "the same",
    ("transactions", "channel"): "an accounting document: web or shop",
    ("transactions", "payment"): "an accounting document: how it was paid",
    ("messages", "occasion"): "which run of a recall it was",
    ("messages", "similarity_group"): "what it offered",
    ("messages", "reason"): "a code of the gate",
    ("messages", "decision"): "codes of the gate, with ids of evidence",
    ("messages", "handoff_decision"): "the same",
    ("messages", "language"): "a language",
    ("merges", "actor_kind"): "somebody of the staff",
    ("merges", "actor_name"): "the same",
    ("merges", "unmerged_by"): "the same",
    ("holds", "created_by"): "the same",
    ("holds", "lifted_by"): "the same",
    ("restrictions", "restricted_by"): "the same",
    ("restrictions", "lifted_by"): "the same",
    ("death_reports", "recorded_by"): "the same",
    ("death_reports", "reversed_by"): "the same",
}
"""Where a mark that was planted by force may stay: columns that never hold a word of a person, and why."""


async def test_c_24_the_mark_of_an_erased_person_stands_nowhere(
    clean_database: Services, clean_sessions: Sessions, tmp_path: Path
) -> None:
    settings = settings_for(clean_database, data_dir=tmp_path)
    hashing.set_peppers(settings)
    work = Work(settings, clean_sessions, Actor.system("tests"))
    async with work.session() as session:
        winner, loser = await _make_person(session, work)
    async with work.session() as session:
        await duplicates.merge(session, winner_id=winner, loser_id=loser, actor=STAFF)
    await _make_files(work)
    await _make_archive(work)
    async with work.session() as session:
        await _make_rest(session, work, winner)
        planted = await plant(session, [winner, loser])
    async with work.session() as session:
        assert planted >= {("contact_points", "value"), ("customer_notes", "body"), ("messages", "history")}
        assert len(await columns_with(session, MARK, PHONE)) > 30
    assert files_with(tmp_path, MARK)

    async with work.session() as session:
        done = await service.erase_customer(session, customer_id=winner, actor=STAFF)
    ids = {"customer_ids": done.card_ids}
    await export_jobs.expire(work, {})
    await import_jobs.forget_applied(work, {})
    await privacy_jobs.forget_words(work, ids)

    async with work.session() as session:
        left = await columns_with(session, MARK, PHONE)
        linked = await session.scalar(text("select count(*) from lake_pseudonyms"))
        bought = await session.scalar(
            text("select count(*) from transactions where customer_id = any(:ids)"), {"ids": [winner, loser]}
        )
    assert left == STAYS.keys()
    assert files_with(tmp_path, MARK, PHONE) == set()
    assert (linked, bought) == (0, 0)


async def _make_person(session: AsyncSession, work: Work) -> tuple[UUID, UUID]:
    double = await make_double(session, work.settings)
    winner = await session.get_one(Customer, double.winner_id)
    await make_transaction(session, winner, a_line(), at=clock.now() - timedelta(days=3), reason=MARK)
    session.add(
        UnclaimedTransaction(
            source="till",
            external_id="lost-1",
            reference_keys=["EMAIL::marta@example.it"],
            occurred_at=clock.now(),
            total_minor=300,
            currency="EUR",
            payload={"customer": {"email": "marta@example.it", "given_name": MARK}, "reason": MARK},
            content_hash=1,
        )
    )
    await make_customer(session, given_name="Other", email="other@example.it")
    return double.winner_id, double.loser_id


async def _make_files(work: Work) -> None:
    """A file that was applied, and another that went out."""
    row = {"card": "100", "given_name": MARK, "family_name": MARK, "email": f"{MARK}@example.it", "phone": PHONE}
    await apply(
        work, await upload(work, a_csv([row]), policies={"given_name": "overwrite", "family_name": "overwrite"})
    )
    folder = work.settings.data_dir / "exports"
    folder.mkdir(exist_ok=True)
    (folder / "people.csv").write_text(f"name\n{MARK}\n")
    async with work.session() as session:
        session.add(
            Export(
                kind="customers",
                format="csv",
                filters={},
                columns=[],
                use="INTERNAL",
                reason="a list",
                state="done",
                requested_by_name="Giulia",
                stored_name="people.csv",
                expires_at=clock.now() + timedelta(days=7),
                finished_at=clock.now(),
            )
        )


async def _make_archive(work: Work) -> None:
    file = work.settings.data_dir / "past.csv"
    day = (clock.now() - timedelta(days=690)).date()
    file.write_text(
        "receipt,occurred_on,time,store,card,sku,product,category,quantity,total\n"
        f"r1,{day},10:30:00,01,100,bread,Bread,breads,1,3.00\n"
    )
    await archive.load_archive(work, file, None, source="till", say=lambda _: None)
    file.unlink()


async def _make_rest(session: AsyncSession, work: Work, winner: UUID) -> None:
    """What neither a merge nor a file makes."""
    await scores.refresh(session, clock.now().date())
    rehearsal = await campaigns.rehearse_campaign(session, await make_campaign(session, work.settings), at=clock.now())
    rehearsal.sample = [str(winner)]
    session.add(
        Reply(
            customer_id=winner,
            channel=Channel.EMAIL,
            text=MARK,
            kind="HUMAN",
            received_at=datetime(2026, 1, 1, tzinfo=UTC),
            recorded_by="Giulia",
        )
    )
    session.add(CardConfirmation(customer_id=winner, confirmed_on=date(2026, 1, 1)))
    session.add(
        IdempotencyKey(
            route="POST /v1/customers",
            key="k",
            fingerprint=b"",
            status=201,
            media_type="application/json",
            body=f'{{"id": "{winner}", "given_name": "{MARK}"}}'.encode(),
        )
    )
    body = RestrictionCreate(ground=RestrictionGround.CLAIMS, asked_by=AskedBy.PERSON, asked_on=date(2026, 1, 1))
    await service.restrict(session, winner, body, actor=STAFF)
    report = DeathReportCreate(reported_by=ReportedBy.HEIR, reported_on=date(2026, 1, 1), heirs_note=MARK)
    await service.report_death(session, winner, report, actor=STAFF)
    hold = await service.add_hold(session, winner, HoldCreate(kind=HoldKind.WARRANTY, note="x"), actor=STAFF)
    await service.lift_hold(session, hold.id, actor=STAFF)
