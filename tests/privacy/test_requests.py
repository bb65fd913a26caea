"""Requests about data: received through any door, timed, identified, answered (C-27, C-28, C-29, B-49)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Task
from ritorno.activity.rules import TaskState
from ritorno.consents import queries as consent_queries
from ritorno.consents.models import ConsentEvent
from ritorno.consents.rules import Action, Channel, Method, Purpose, Standing, fold_together
from ritorno.consents.service import object_
from ritorno.customers.models import Customer
from ritorno.customers.rules import ContactKind, ContactLevel
from ritorno.duplicates import service as duplicates
from ritorno.erasures.rules import RestrictionGround
from ritorno.identity.errors import Forbidden
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.problems import Invalid
from ritorno.messaging.errors import ContactRefused
from ritorno.privacy import jobs, queries, service
from ritorno.privacy.errors import (
    ExtensionRefused,
    IdentityKnown,
    IdentityMissing,
    NoStoredContact,
    PackNotReady,
    ReasonMissing,
    RequestClosed,
)
from ritorno.privacy.models import PrivacyRequest, PrivacyRequestEvent
from ritorno.privacy.reading import clock_of
from ritorno.privacy.rules import IdentityMethod, Outcome, RequestChannel, RequestKind, RequestState
from ritorno.privacy.schemas import IdentityStatement, RequestAnswer
from tests.factories.consents import SCAN, make_consent
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.privacy import OFFICER, make_desk, make_request

NOW = datetime(2027, 1, 31, 9, tzinfo=UTC)
KNOWN = IdentityMethod.KNOWN_IN_PERSON


async def kinds_of(session: AsyncSession, request: PrivacyRequest) -> list[str]:
    return [event.kind for event in await queries.events_of(session, request.id)]


# ── received ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_27_the_clock_runs_from_the_day_it_reached_us_not_the_day_it_was_typed(session: AsyncSession) -> None:
    customer = await make_customer(session)

    with clock.frozen(NOW + timedelta(days=5)):
        request = await make_request(session, customer.id, received_on=date(2027, 1, 31))

    assert request.due_on == date(2027, 2, 28)


async def test_c_27_a_day_that_has_not_come_is_refused(session: AsyncSession) -> None:
    customer = await make_customer(session)

    with clock.frozen(NOW), pytest.raises(Invalid):
        await make_request(session, customer.id, received_on=date(2027, 2, 1))


async def test_b_49_an_unknown_person_is_logged_and_the_clock_starts_but_nothing_is_granted(
    session: AsyncSession,
) -> None:
    request = await make_request(session, None)

    assert request.state == RequestState.RECEIVED
    assert request.due_on > request.received_on
    with pytest.raises(IdentityMissing):
        await service.answer(session, request.id, RequestAnswer(outcome=Outcome.GRANTED), actor=OFFICER)
    with pytest.raises(IdentityMissing):
        await service.ask_for_pack(session, request.id, language=None, actor=OFFICER)


async def test_b_49_naming_a_card_proves_nothing(session: AsyncSession) -> None:
    customer = await make_customer(session, email="marta@example.com")
    request = await make_request(session, customer.id)

    with pytest.raises(IdentityMissing):
        await service.ask_for_pack(session, request.id, language=None, actor=OFFICER)


async def test_c_29_every_act_is_in_the_requests_ledger_and_in_the_audit_log(session: AsyncSession) -> None:
    customer = await make_customer(session)
    request = await make_request(session, customer.id)

    await service.identify(session, request.id, IdentityStatement(method=KNOWN), actor=OFFICER)
    await service.take_back(session, request.id, actor=OFFICER)

    assert await kinds_of(session, request) == ["received", "identity_confirmed", "withdrawn"]
    actions = await session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_id == request.id).order_by(AuditEntry.id)
    )
    assert list(actions) == [
        "privacy_request.received",
        "privacy_request.identity_confirmed",
        "privacy_request.withdrawn",
    ]


async def test_c_29_the_ledger_of_a_request_refuses_to_be_changed(session: AsyncSession) -> None:
    customer = await make_customer(session)
    await make_request(session, customer.id)

    with pytest.raises(DBAPIError):
        await session.execute(text("update privacy_request_events set kind = 'answered'"))


# ── who is asking ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_28_the_link_goes_to_the_verified_address_that_was_known_before(
    session: AsyncSession, settings: Settings
) -> None:
    await make_desk(session, settings)
    customer = await make_customer(session, email="marta@example.com")
    request = await make_request(session, customer.id)

    await service.identify(
        session, request.id, IdentityStatement(method=IdentityMethod.LINK_TO_STORED_CONTACT), actor=OFFICER
    )

    assert request.state == RequestState.IDENTITY_PENDING
    assert request.identified_at is None
    assert await kinds_of(session, request) == ["received", "identity_asked"]


async def test_c_28_an_address_given_after_the_request_proves_nothing(
    session: AsyncSession, settings: Settings
) -> None:
    await make_desk(session, settings)
    customer = await make_customer(session)
    request = await make_request(session, customer.id)
    await make_contact_point(
        session,
        customer.id,
        kind=ContactKind.EMAIL,
        value="new@example.com",
        is_primary=True,
        level=ContactLevel.CONFIRMED,
        valid_from=clock.now() + timedelta(minutes=1),
    )

    with pytest.raises(NoStoredContact):
        await service.identify(
            session, request.id, IdentityStatement(method=IdentityMethod.LINK_TO_STORED_CONTACT), actor=OFFICER
        )


async def test_c_28_an_address_nobody_verified_proves_nothing(session: AsyncSession, settings: Settings) -> None:
    await make_desk(session, settings)
    customer = await make_customer(session, email="marta@example.com", level=ContactLevel.UNVERIFIED)
    request = await make_request(session, customer.id)

    with pytest.raises(NoStoredContact):
        await service.identify(
            session, request.id, IdentityStatement(method=IdentityMethod.LINK_TO_STORED_CONTACT), actor=OFFICER
        )


async def test_c_28_an_address_that_a_family_shares_proves_nothing(session: AsyncSession, settings: Settings) -> None:
    await make_desk(session, settings)
    customer = await make_customer(session, email="famiglia@example.com")
    await make_customer(session, given_name="Luca", email="famiglia@example.com")
    request = await make_request(session, customer.id)

    with pytest.raises(NoStoredContact):
        await service.identify(
            session, request.id, IdentityStatement(method=IdentityMethod.LINK_TO_STORED_CONTACT), actor=OFFICER
        )


async def test_d_s9_the_link_reaches_somebody_who_objected_to_everything(
    session: AsyncSession, settings: Settings
) -> None:
    await make_desk(session, settings)
    customer = await make_customer(session, email="marta@example.com")
    await object_(
        session,
        customer_id=customer.id,
        scope="storage",
        received_on=clock.today("Europe/Rome"),
        method=Method.LETTER,
        evidence=[SCAN],
        actor=OFFICER,
    )
    request = await make_request(session, customer.id)

    try:
        await service.identify(
            session, request.id, IdentityStatement(method=IdentityMethod.LINK_TO_STORED_CONTACT), actor=OFFICER
        )
    except ContactRefused as refused:
        pytest.fail(f"the answer to a right was refused: {refused.extra}")

    assert request.state == RequestState.IDENTITY_PENDING


async def test_identity_said_twice_changes_nothing_and_another_way_is_refused(session: AsyncSession) -> None:
    customer = await make_customer(session)
    request = await make_request(session, customer.id)

    for _ in range(2):
        await service.identify(session, request.id, IdentityStatement(method=KNOWN), actor=OFFICER)

    assert await kinds_of(session, request) == ["received", "identity_confirmed"]
    with pytest.raises(IdentityKnown):
        await service.identify(
            session, request.id, IdentityStatement(method=IdentityMethod.DOCUMENT_SEEN), actor=OFFICER
        )


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_27_a_pause_stands_only_while_identity_is_in_doubt_and_adds_its_days(session: AsyncSession) -> None:
    customer = await make_customer(session)
    with clock.frozen(NOW):
        request = await make_request(session, customer.id)
    with clock.frozen(NOW + timedelta(days=2)):
        await service.pause(session, request.id, reason="Le firme non coincidono", actor=OFFICER)
    with clock.frozen(NOW + timedelta(days=9)):
        await service.identify(session, request.id, IdentityStatement(method=KNOWN), actor=OFFICER)

        assert request.paused_on is None
        assert request.paused_days == 7
        assert request.due_on == date(2027, 3, 7)
        with pytest.raises(IdentityKnown):
            await service.pause(session, request.id, reason="Ancora dubbi", actor=OFFICER)


async def test_c_27_a_paused_request_is_not_overdue_and_resumes_where_it_stood(session: AsyncSession) -> None:
    customer = await make_customer(session)
    with clock.frozen(NOW):
        request = await make_request(session, customer.id)
    with clock.frozen(NOW + timedelta(days=27)):
        await service.pause(session, request.id, reason="Le firme non coincidono", actor=OFFICER)
    later = NOW + timedelta(days=40)

    with clock.frozen(later):
        assert (await queries.count_requests(session, later.date())).overdue == 0
        await service.resume(session, request.id, actor=OFFICER)

    assert request.due_on == date(2027, 3, 13)
    assert (await queries.count_requests(session, date(2027, 3, 14))).overdue == 1


async def test_c_27_stopping_a_clock_that_is_late_already_hides_nothing(session: AsyncSession) -> None:
    customer = await make_customer(session)
    with clock.frozen(NOW):
        request = await make_request(session, customer.id)
    late = NOW + timedelta(days=40)

    with clock.frozen(late):
        await service.pause(session, request.id, reason="Le firme non coincidono", actor=OFFICER)

    told = clock_of(request, late.date())
    assert (told.is_overdue, (await queries.count_requests(session, late.date())).overdue) == (True, 1)


async def test_c_27_the_term_is_extended_once_with_reasons_within_the_first_month(session: AsyncSession) -> None:
    customer = await make_customer(session)
    with clock.frozen(NOW):
        request = await make_request(session, customer.id, identity=KNOWN)
    with clock.frozen(NOW + timedelta(days=28)):
        for _ in range(2):
            await service.extend(session, request.id, reason="Archivi su carta", actor=OFFICER)
        with pytest.raises(ExtensionRefused):
            await service.extend(session, request.id, reason="Altro motivo", actor=OFFICER)

    assert request.due_on == date(2027, 4, 28)
    assert (await kinds_of(session, request)).count("extended") == 1


async def test_c_27_after_the_first_month_no_extension_helps(session: AsyncSession) -> None:
    customer = await make_customer(session)
    with clock.frozen(NOW):
        request = await make_request(session, customer.id)

    with clock.frozen(NOW + timedelta(days=29)), pytest.raises(ExtensionRefused):
        await service.extend(session, request.id, reason="Archivi su carta", actor=OFFICER)


async def open_tasks(session: AsyncSession, request: PrivacyRequest) -> list[int]:
    rows = await session.scalars(
        select(Task.details["days"].as_integer()).where(
            Task.subject_id == request.id, Task.kind == "privacy_request_due", Task.state == TaskState.OPEN
        )
    )
    return list(rows)


async def test_c_29_reminders_come_ten_five_and_one_days_before_and_go_with_the_answer(
    session: AsyncSession, work: Work
) -> None:
    customer = await make_customer(session)
    with clock.frozen(NOW):
        request = await make_request(session, customer.id, identity=KNOWN, kind=RequestKind.RECTIFICATION)
    await session.commit()
    told = []

    for days_before in (11, 10, 9, 5, 1, -2):
        with clock.frozen(datetime(2027, 2, 28, 2, 50, tzinfo=UTC) - timedelta(days=days_before)):
            for _ in range(2):
                await jobs.remind(work, {})
            told.append(await open_tasks(session, request))
    await service.answer(session, request.id, RequestAnswer(outcome=Outcome.GRANTED), actor=OFFICER)

    assert told == [[], [10], [10], [5], [1], [1]]
    assert await open_tasks(session, request) == []


async def test_c_29_a_clock_that_stands_still_for_a_week_asks_whether_the_doubt_is_real(
    session: AsyncSession, work: Work
) -> None:
    customer = await make_customer(session)
    with clock.frozen(NOW):
        request = await make_request(session, customer.id)
        await service.pause(session, request.id, reason="Le firme non coincidono", actor=OFFICER)
    await session.commit()

    with clock.frozen(NOW + timedelta(days=7)):
        await jobs.remind(work, {})

    assert len(await open_tasks(session, request)) == 1


# ── answered ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_no_needs_its_reason_and_a_closed_request_stays_closed(session: AsyncSession) -> None:
    customer = await make_customer(session)
    request = await make_request(session, customer.id, identity=KNOWN)
    with pytest.raises(ReasonMissing):
        await service.answer(session, request.id, RequestAnswer(outcome=Outcome.REFUSED), actor=OFFICER)

    refusal = RequestAnswer(outcome=Outcome.REFUSED, reason="Richiesta ripetuta senza nuovi motivi")
    await service.answer(session, request.id, refusal, actor=OFFICER)

    assert request.state == RequestState.ANSWERED
    assert request.answer_reason
    with pytest.raises(RequestClosed):
        await service.answer(session, request.id, refusal, actor=OFFICER)


async def test_access_is_not_given_by_saying_so(session: AsyncSession) -> None:
    customer = await make_customer(session)
    request = await make_request(session, customer.id, identity=KNOWN)

    with pytest.raises(PackNotReady):
        await service.answer(session, request.id, RequestAnswer(outcome=Outcome.GRANTED), actor=OFFICER)


async def marketing_by_mail(session: AsyncSession, customer: Customer) -> Standing:
    states = fold_together((await consent_queries.cards_of(session, [customer.id]))[customer.id])
    return states[Purpose.MKT_OWN, Channel.EMAIL].standing


async def test_c_15_an_objection_counts_as_soon_as_it_is_received_whoever_writes_it(session: AsyncSession) -> None:
    customer = await make_customer(session, email="marta@example.com")
    await make_consent(session, customer.id)

    request = await make_request(session, customer.id, kind=RequestKind.OBJECTION, channel=RequestChannel.LETTER)

    assert request.state == RequestState.RECEIVED
    assert await marketing_by_mail(session, customer) is Standing.OBJECTED


async def test_c_26_granting_a_restriction_freezes_the_card_once(session: AsyncSession) -> None:
    customer = await make_customer(session)
    request = await make_request(session, customer.id, kind=RequestKind.RESTRICTION, identity=KNOWN)

    await service.answer(session, request.id, RequestAnswer(outcome=Outcome.GRANTED), actor=OFFICER)
    again = await make_request(session, customer.id, kind=RequestKind.RESTRICTION, identity=KNOWN)
    await service.answer(session, again.id, RequestAnswer(outcome=Outcome.GRANTED), actor=OFFICER)

    await session.refresh(customer)
    assert customer.restricted_at is not None


async def test_c_24_granting_an_erasure_forgets_the_person_and_the_words_of_the_request(
    session: AsyncSession,
) -> None:
    customer = await make_customer(session, email="marta@example.com")
    request = await make_request(
        session, customer.id, kind=RequestKind.ERASURE, identity=KNOWN, wish="Cancellate tutto, anche Marta B."
    )
    request_id, customer_id = request.id, customer.id

    await service.answer(session, request_id, RequestAnswer(outcome=Outcome.GRANTED), actor=OFFICER)

    gone = await session.get_one(Customer, customer_id, populate_existing=True)
    kept = await queries.get_request(session, request_id)
    assert gone.erased_at is not None
    assert gone.given_name is None
    assert (kept.state, kept.outcome, kept.wish) == (RequestState.ANSWERED, Outcome.GRANTED, None)
    assert await queries.find_erasure(session, request_id) is not None


@pytest.mark.parametrize("kind", [RequestKind.ERASURE, RequestKind.RESTRICTION, RequestKind.OBJECTION])
async def test_c_24_what_else_an_erased_person_asked_can_still_be_answered(
    session: AsyncSession, kind: RequestKind
) -> None:
    customer = await make_customer(session, email="marta@example.com")
    first = await make_request(session, customer.id, kind=RequestKind.ERASURE, identity=KNOWN)
    other = await make_request(session, customer.id, kind=kind, identity=KNOWN)
    other_id = other.id
    await service.answer(session, first.id, RequestAnswer(outcome=Outcome.GRANTED), actor=OFFICER)

    body = RequestAnswer(outcome=Outcome.GRANTED, restriction_ground=RestrictionGround.ACCURACY)
    answered = await service.answer(session, other_id, body, actor=OFFICER)

    assert answered.outcome == Outcome.GRANTED


async def test_c_24_why_a_clock_stood_still_is_forgotten_with_the_person(session: AsyncSession) -> None:
    customer = await make_customer(session, email="marta@example.com")
    request = await make_request(session, customer.id, kind=RequestKind.ERASURE)
    request_id = request.id
    await service.pause(session, request_id, reason="Scrive da marta.b@altrove.example", actor=OFFICER)
    await service.identify(session, request_id, IdentityStatement(method=KNOWN), actor=OFFICER)

    await service.answer(session, request_id, RequestAnswer(outcome=Outcome.GRANTED), actor=OFFICER)

    assert (await queries.get_request(session, request_id)).pause_reason is None


async def test_an_erasure_needs_its_own_scope(session: AsyncSession) -> None:
    customer = await make_customer(session)
    request = await make_request(session, customer.id, kind=RequestKind.ERASURE, identity=KNOWN)
    writer = Actor("user", None, "Ugo", frozenset({"privacy:write"}))

    with pytest.raises(Forbidden):
        await service.answer(session, request.id, RequestAnswer(outcome=Outcome.GRANTED), actor=writer)


async def test_an_objection_to_storage_becomes_one_request_for_erasure_received_that_day(
    session: AsyncSession, work: Work
) -> None:
    customer = await make_customer(session, email="marta@example.com")
    said_on = clock.today("Europe/Rome") - timedelta(days=3)
    await object_(
        session,
        customer_id=customer.id,
        scope="storage",
        received_on=said_on,
        method=Method.PEC,
        evidence=[SCAN],
        actor=OFFICER,
    )
    await session.commit()

    for _ in range(2):
        await jobs.receive_erasure(work, {"customer_id": str(customer.id)})

    found = (await session.scalars(select(PrivacyRequest).where(PrivacyRequest.customer_id == customer.id))).one()
    assert (found.kind, found.channel, found.received_on) == (RequestKind.ERASURE, RequestChannel.PEC, said_on)
    objections = select(func.count()).where(
        ConsentEvent.customer_id == customer.id, ConsentEvent.action == Action.OBJECT
    )
    assert await session.scalar(objections)


async def test_events_say_codes_and_never_the_words_of_the_person(session: AsyncSession) -> None:
    customer = await make_customer(session)
    request = await make_request(session, customer.id, wish="Correggete Marta Bianchi")

    await service.pause(session, request.id, reason="Marta Bianchi scrive da un altro indirizzo", actor=OFFICER)

    told = await session.scalars(
        select(PrivacyRequestEvent.details).where(PrivacyRequestEvent.request_id == request.id)
    )
    audited = await session.scalars(select(AuditEntry.details).where(AuditEntry.subject_id == request.id))
    assert "Bianchi" not in str([*told, *audited])


async def test_c_27_who_asked_about_a_card_that_was_merged_since_has_asked_all_the_same(
    session: AsyncSession, settings: Settings
) -> None:
    living, merged = await make_customer(session), await make_customer(session)
    await duplicates.merge(session, winner_id=living.id, loser_id=merged.id, actor=OFFICER)

    await service.receive_access(session, merged.id, actor=OFFICER)

    by_phone = select(PrivacyRequest.customer_id).where(PrivacyRequest.channel == RequestChannel.PHONE)
    assert (await session.scalars(by_phone)).one() == living.id
