"""The person's own page of a request: opened by a link at the stored address, decided by a press (C-28, E-05)."""

from datetime import timedelta
from typing import Any

from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.consents import tokens
from ritorno.consents.tokens import Use
from ritorno.customers.models import ContactPoint, Customer
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.privacy import jobs, service
from ritorno.privacy.models import PrivacyRequest
from ritorno.privacy.rules import IdentityMethod, Outcome, RequestKind, RequestState
from ritorno.privacy.schemas import IdentityStatement, RequestAnswer
from tests.factories.customers import make_customer
from tests.factories.privacy import OFFICER, link_in_mail, make_desk, make_request

BY_LINK = IdentityStatement(method=IdentityMethod.LINK_TO_STORED_CONTACT)


async def make_asked(session: AsyncSession, work: Work, **columns: Any) -> tuple[PrivacyRequest, Customer, str]:
    """Make somebody who was sent the link that asks whether it was they who asked."""
    await make_desk(session, work.settings)
    customer = await make_customer(session, given_name="Marta", email="marta@example.com", **columns)
    request = await make_request(session, customer.id)
    await service.identify(session, request.id, BY_LINK, actor=OFFICER)
    return request, customer, await link_in_mail(session, work, customer.id)


async def test_c_28_opening_the_link_fifty_times_confirms_nothing_and_a_press_does(
    session: AsyncSession, work: Work, anonymous: AsyncClient
) -> None:
    request, _, link = await make_asked(session, work)

    pages = [await anonymous.get(link) for _ in range(50)]
    await session.refresh(request)
    before = request.state
    pressed = await anonymous.post(link, data={"confirm": "1"})
    await session.refresh(request)

    assert {page.status_code for page in pages} == {200}
    assert "È stato lei a chiederlo?" in pages[0].text
    assert before == RequestState.IDENTITY_PENDING
    assert "Grazie, è confermato." in pressed.text
    assert (request.state, request.identity_method) == (RequestState.IN_PROGRESS, "LINK_TO_STORED_CONTACT")


async def test_a_second_press_is_answered_like_the_first(
    session: AsyncSession, work: Work, anonymous: AsyncClient
) -> None:
    request, _, link = await make_asked(session, work)

    answers = [await anonymous.post(link, data={"confirm": "1"}) for _ in range(2)]

    assert answers[0].text == answers[1].text
    acts = await session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == request.id))
    assert list(acts).count("privacy_request.identity_confirmed") == 1


async def test_c_28_a_press_lets_a_stopped_clock_run_on(
    session: AsyncSession, work: Work, anonymous: AsyncClient
) -> None:
    request, _, link = await make_asked(session, work)
    await service.pause(session, request.id, reason="Scrive da un altro indirizzo", actor=OFFICER)
    await session.commit()

    await anonymous.post(link, data={"confirm": "1"})

    await session.refresh(request)
    assert request.paused_on is None


async def test_the_page_speaks_the_persons_language_and_names_nobody(
    session: AsyncSession, work: Work, anonymous: AsyncClient
) -> None:
    _, _, link = await make_asked(session, work, language="en")

    page = await anonymous.get(link)

    assert 'lang="en"' in page.text
    assert "Was it you who asked?" in page.text
    assert "Marta" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"


async def test_e_05_a_link_works_for_seven_days_for_its_own_address_and_for_nothing_else(
    session: AsyncSession, work: Work, anonymous: AsyncClient
) -> None:
    _, customer, link = await make_asked(session, work)
    point = (await session.scalars(select(ContactPoint).where(ContactPoint.customer_id == customer.id))).one()
    said = tokens.read(work.settings, link.rpartition("/")[2], Use.REQUEST)
    assert said is not None
    foreign = tokens.write(work.settings, Use.UNSUBSCRIBE, said.message_id, point.id, customer.id)

    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        old = await anonymous.get(link)
    edited = await anonymous.get(link[:-3] + "AAA")
    other = await anonymous.get(f"/privacy-requests/{foreign}")
    point.valid_to = clock.now()
    await session.commit()
    moved = await anonymous.post(link, data={"confirm": "1"})

    assert {answer.status_code for answer in (old, edited, other, moved)} == {404}
    assert len({old.text, edited.text, other.text, moved.text}) == 1


async def test_c_28_the_pack_is_taken_by_a_press_once_the_desk_has_sent_it(
    session: AsyncSession, work: Work, anonymous: AsyncClient
) -> None:
    request, customer, link = await make_asked(session, work)
    await anonymous.post(link, data={"confirm": "1"})
    pack = await service.ask_for_pack(session, request.id, language=None, actor=OFFICER)
    await session.commit()
    await jobs.build_pack(work, {"pack_id": str(pack.id)})
    await session.refresh(pack)

    unsent = await anonymous.post(link, data={"pack": "1"})
    await service.deliver_pack(session, pack.id, actor=OFFICER)
    newer = await link_in_mail(session, work, customer.id)
    page = await anonymous.get(newer)
    taken = await anonymous.post(newer, data={"pack": "1"})
    with clock.frozen(clock.now() + timedelta(days=6, hours=23, minutes=59)):
        still = await anonymous.get(newer)
    with clock.frozen(clock.now() + timedelta(days=8)):
        gone = await anonymous.post(newer, data={"pack": "1"})

    assert "application/zip" not in unsent.headers["content-type"]
    assert "I suoi dati sono pronti" in page.text
    assert (taken.headers["content-type"], taken.content[:2]) == ("application/zip", b"PK")
    assert "Marta" not in taken.headers["content-disposition"]
    assert still.status_code == 200
    assert gone.status_code == 404
    acts = await session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == customer.id))
    assert "privacy_pack.downloaded" in list(acts)


async def test_the_answer_is_read_from_the_mail_that_tells_of_it(
    session: AsyncSession, work: Work, anonymous: AsyncClient
) -> None:
    await make_desk(session, work.settings)
    customer = await make_customer(session, email="marta@example.com")
    request = await make_request(
        session, customer.id, kind=RequestKind.RECTIFICATION, identity=IdentityMethod.KNOWN_IN_PERSON
    )
    body = RequestAnswer(outcome=Outcome.GRANTED, letter="email")
    await service.answer(session, request.id, body, actor=OFFICER)
    link = await link_in_mail(session, work, customer.id)

    page = await anonymous.get(link)
    letter = await anonymous.post(link, data={"letter": "1"})

    assert "Leggere la lettera (PDF)" in page.text
    assert letter.content.startswith(b"%PDF")
