"""The register governs what may begin; versions, incidents and acceptances are kept for good."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries, service
from ritorno.accountability.defaults import activities
from ritorno.accountability.errors import (
    ActivityCodeTaken,
    ActivityEnded,
    IncidentClosed,
    ProcessingNotRegistered,
    SilenceNotAllowed,
)
from ritorno.accountability.rules import Notification, Risk
from ritorno.accountability.schemas import (
    BilingualIn,
    IncidentPatch,
    ProcessingActivityPatch,
    ProcessorPatch,
    TermsAccept,
)
from ritorno.accountability.words import terms_sha256
from ritorno.activity.models import Task
from ritorno.consents import service as consents
from ritorno.consents.rules import Channel, Purpose
from ritorno.kit import clock
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import Invalid
from ritorno.retention.rules import DEFAULTS
from tests.factories.accountability import OFFICER, make_activity, make_incident, make_processor


async def test_c_34_a_notice_for_a_new_purpose_waits_for_its_row_in_the_register(session: AsyncSession) -> None:
    async def publish() -> None:
        words = consents.NoticeText("it", "Acconsento che si sappia se apro le email.", True)
        await consents.create_notice(
            session, code="opens", name="Aperture", purpose=Purpose.TRACK_OPEN, text=words, actor=OFFICER
        )

    with pytest.raises(ProcessingNotRegistered) as refusal:
        await publish()
    await make_activity(session, purpose="TRACK_OPEN")
    await publish()

    assert refusal.value.extra["missing"] == {"purpose": "TRACK_OPEN"}


async def test_c_34_a_channel_a_recipient_and_a_retention_value_wait_for_theirs(session: AsyncSession) -> None:
    recipient_id = uuid7()
    for need in (
        {"channel": "WHATSAPP"},
        {"recipient_id": recipient_id},
        {"retention": ("PURCHASES_TRACED", "P36M")},
        {"purpose": "SERVICE", "channel": "WHATSAPP"},
    ):
        with pytest.raises(ProcessingNotRegistered):
            await service.require_registered(session, **need)  # type: ignore[arg-type]

    await make_activity(
        session,
        purpose="SERVICE",
        channels=["WHATSAPP"],
        recipient_ids=[recipient_id],
        retention_periods={"PURCHASES_TRACED": "P36M"},
    )

    await service.require_registered(
        session,
        purpose="SERVICE",
        channel="WHATSAPP",
        recipient_id=recipient_id,
        retention=("PURCHASES_TRACED", "P36M"),
    )


async def test_c_34_a_row_that_has_ended_covers_nothing(session: AsyncSession) -> None:
    row = await make_activity(session, purpose="TRACK_CLICK")
    assert await queries.is_registered(session, purpose="TRACK_CLICK")

    await service.end_activity(session, row, date(2026, 1, 31), actor=OFFICER)

    assert not await queries.is_registered(session, purpose="TRACK_CLICK")
    with pytest.raises(ActivityEnded):
        await service.change_activity(session, row, ProcessingActivityPatch(channels=["EMAIL"]), actor=OFFICER)


async def test_c_33_the_first_register_covers_every_clock_and_channel_the_product_starts_with(
    session: AsyncSession,
) -> None:
    for each, period in DEFAULTS.items():
        if period.months or period.days:
            iso = f"P{period.months}M" if period.months else f"P{period.days}D"
            assert await queries.is_registered(session, retention=(each.value, iso)), each
    for channel in (Channel.EMAIL, Channel.SMS, Channel.POST, Channel.PHONE_OPERATOR):
        assert await queries.is_registered(session, channel=channel)
    assert {row.code for row in activities(date(2026, 1, 1))} == {
        row.code for row in await queries.list_activities(session)
    }


async def test_seeding_again_changes_nothing(session: AsyncSession) -> None:
    before = {row.code: row.version for row in await queries.list_activities(session)}

    await service.seed_register(session, actor=OFFICER)

    assert {row.code: row.version for row in await queries.list_activities(session)} == before


async def test_how_a_row_stood_before_a_change_stays_readable_and_unchangeable(session: AsyncSession) -> None:
    row = await make_activity(session, purpose="TRACK_OPEN", aim=BilingualIn(it="Prima", en="Before"))

    patch = ProcessingActivityPatch(aim=BilingualIn(it="Dopo", en="After"))
    await service.change_activity(session, row, patch, actor=OFFICER)

    versions = await queries.list_versions(session, row.id)
    assert [(each.version, each.content["aim"]["it"]) for each in versions] == [(2, "Dopo"), (1, "Prima")]
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        await session.execute(text("update processing_activity_versions set made_by = 'somebody'"))


async def test_two_rows_never_share_a_code(session: AsyncSession) -> None:
    await make_activity(session, code="one-row")

    with pytest.raises(ActivityCodeTaken):
        await make_activity(session, code="one-row")


async def test_c_36_a_processor_outside_the_eea_needs_a_tool_and_so_does_whom_it_uses(session: AsyncSession) -> None:
    with pytest.raises(Invalid):
        await make_processor(session, country="US")
    cloud = {"name": "Cloudland", "service": "Hosting", "country": "US", "transfer_tool": "IN_EEA"}
    with pytest.raises(Invalid) as refusal:
        await make_processor(session, sub_processors=[cloud])

    row = await make_processor(session, sub_processors=[cloud | {"transfer_tool": "DPF"}])
    patch = ProcessorPatch(dpa_signed_on=date(2026, 3, 2), dpa_sha256="ab" * 32)
    await service.change_processor(session, row, patch, actor=OFFICER)

    assert refusal.value.errors[0].path == "sub_processors.0.transfer_tool"
    assert (row.version, row.dpa_signed_on) == (2, date(2026, 3, 2))


async def test_c_01_only_the_terms_in_force_can_be_accepted_and_the_acceptance_stays(session: AsyncSession) -> None:
    today = clock.now().date()
    with pytest.raises(Invalid):
        await service.accept_terms(
            session, TermsAccept(text_sha256="0" * 64, accepted_on=today, accepted_by="Giulia Riva"), actor=OFFICER
        )

    body = TermsAccept(text_sha256=terms_sha256(), accepted_on=today, accepted_by="Giulia Riva")
    await service.accept_terms(session, body, actor=OFFICER)

    found = await queries.find_terms_acceptance(session)
    assert found is not None
    assert (found.accepted_by, found.text_sha256) == ("Giulia Riva", terms_sha256())


async def test_c_32_alerts_are_raised_as_tasks_before_the_72_hours_are_over_each_once(session: AsyncSession) -> None:
    row = await make_incident(session, became_aware_at=clock.now() - timedelta(hours=50))

    await service.raise_alerts(session)
    await service.raise_alerts(session)

    tasks = (await session.scalars(select(Task).where(Task.kind == "incident_due").order_by(Task.id))).all()
    assert [task.details["hours_left"] for task in tasks] == [None, 48, 24]
    assert {task.subject_id for task in tasks} == {row.id}


async def test_c_32_not_telling_needs_an_unlikely_risk_and_a_reason(session: AsyncSession) -> None:
    row = await make_incident(session, risk=Risk.RISK)

    silence = IncidentPatch(decision=Notification.NOT_NOTIFY, decision_reason="Il dispositivo era cifrato.")
    with pytest.raises(SilenceNotAllowed):
        await service.change_incident(session, row, silence, actor=OFFICER)
    another = await make_incident(session)
    with pytest.raises(Invalid):
        await service.change_incident(
            session, another, IncidentPatch(risk=Risk.UNLIKELY, decision=Notification.NOT_NOTIFY), actor=OFFICER
        )


async def test_c_32_everything_that_was_written_stays_in_the_log(session: AsyncSession) -> None:
    row = await make_incident(session)
    await service.change_incident(session, row, IncidentPatch(risk=Risk.HIGH, facts="Two tablets."), actor=OFFICER)
    with pytest.raises(SilenceNotAllowed):
        await service.close_incident(session, row, actor=OFFICER)
    told = IncidentPatch(notified_at=clock.now(), people_told_at=clock.now())
    await service.change_incident(session, row, told, actor=OFFICER)

    await service.close_incident(session, row, actor=OFFICER)

    events = await queries.list_incident_events(session, row.id)
    assert row.decision == Notification.NOTIFY
    assert [sorted(event.changes) for event in events] == [
        ["became_aware_at", "facts", "title"],
        ["facts", "risk"],
        ["notified_at", "people_told_at"],
        ["closed_at"],
    ]
    with pytest.raises(IncidentClosed):
        await service.change_incident(session, row, IncidentPatch(facts="Three."), actor=OFFICER)
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        await session.execute(text("delete from incident_events"))
