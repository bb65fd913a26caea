"""`ritorno doctor` verifies both ledgers and names what is not as it was written (C-08, S-16)."""

import asyncio

import asyncpg

from ritorno import doctor
from ritorno.activity import jobs
from ritorno.embedded import Services
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from tests.conftest import Sessions, settings_for
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer


async def test_c_08_the_doctor_finds_a_changed_entry_and_a_changed_act(
    clean_database: Services, clean_sessions: Sessions
) -> None:
    work = Work(settings_for(clean_database), clean_sessions, Actor.system("tests"))
    async with work.session() as session:
        customer = await make_customer(session, email="anna@example.it")
        await make_consent(session, customer.id)
    await jobs.seal(work, {})
    sound = await findings(work)

    connection = await asyncpg.connect(clean_database.owner_url)
    for table, change in (("consent_events", "method = 'WEB'"), ("audit_entries", "actor_name = 'Nobody'")):
        await connection.execute(f"alter table {table} disable trigger user; update {table} set {change}")
    await connection.close()
    broken = await findings(work)

    assert all(finding.is_ok for finding in sound.values())
    assert f"customer {customer.id}, entry 1: changed" in broken["consent"].remedy
    assert "seal 1, entry 1: changed" in broken["audit"].remedy


async def findings(work: Work) -> dict[str, doctor.Finding]:
    """Return what the doctor says of the two ledgers."""
    found = await asyncio.to_thread(doctor.examine, work.settings)
    return {
        name: finding for finding in found for name in ("consent", "audit") if finding.what.startswith(f"the {name}")
    }
