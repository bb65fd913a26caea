"""A backup brings nobody back for long: the ids of the erased are kept beside the database (C-24)."""

from pathlib import Path

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.erasures import jobs, repeating, service
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from tests.factories.customers import make_customer

STAFF = Actor("user", None, "Giulia", frozenset({"*"}), "owner")


async def test_c_24_a_person_a_backup_brings_back_is_forgotten_again(
    work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    work = Work(work.settings.model_copy(update={"data_dir": tmp_path}), work.sessions, work.actor)
    anna = await make_customer(session, email="x@example.it")
    await make_customer(session)
    done = await service.erase_customer(session, customer_id=anna.id, actor=STAFF)
    for _ in range(2):
        await jobs.note_outside(work, {"customer_ids": done.card_ids})
    await session.execute(update(Customer).where(Customer.id == anna.id).values(erased_at=None, family_name="Rossi"))
    await session.commit()

    back = await repeating.came_back(session, work.settings)
    repeated = [await repeating.repeat(work) for _ in range(2)]

    assert back == [anna.id]
    assert repeated == [1, 0]
    session.expunge_all()
    assert (await session.get_one(Customer, anna.id)).family_name is None
    assert len((tmp_path / "erasures.ndjson").read_text().splitlines()) == 1
