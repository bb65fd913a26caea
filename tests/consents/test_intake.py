"""How a consent gets in: with whose proof, at which age, past which objection, and to which address."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Task
from ritorno.consents import hashing
from ritorno.consents import service as consents
from ritorno.consents.errors import MinorConsent, ObjectionStands
from ritorno.consents.rules import (
    FOR_ALL_CHANNELS,
    Action,
    Ask,
    Channel,
    LegalBasis,
    Method,
    Party,
    Purpose,
    Reason,
    SuppressionReason,
    Verdict,
)
from ritorno.customers.models import Customer
from ritorno.customers.rules import ContactKind, SubjectType
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.problems import Invalid
from tests.conftest import ClientAs, TokenClient
from tests.consents.asking import OFFICER, answer, events_of
from tests.factories.consents import SCAN, STAFF, make_consent, make_notice_version
from tests.factories.customers import make_contact_point, make_customer

UNHELD = {"type": "scan", "uri": "theirs:1", "sha256": "cd" * 32}
LONG_BEFORE = clock.now() - timedelta(days=200)


@pytest.fixture(autouse=True)
def _peppers(settings: Settings) -> None:
    hashing.set_peppers(settings)


def born(years: int) -> date:
    return clock.now().date() - timedelta(days=round(years * 365.25) + 20)


async def tasks_of(session: AsyncSession, customer: Customer) -> list[str]:
    return list(await session.scalars(select(Task.kind).where(Task.subject_id == customer.id)))


# ── vocabulary ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_02_c_03_each_purpose_is_said_on_the_channels_it_takes(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it", phone="+393331234567")

    for purpose in Purpose:
        for channel in [None] if purpose in FOR_ALL_CHANNELS else list(Channel):
            event = await make_consent(session, customer.id, purpose=purpose, channel=channel)
            assert (event.purpose, event.channel, event.is_proven) == (purpose, channel, True)


async def test_c_04_a_yes_has_one_legal_basis_and_a_no_has_none(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")

    plain = await make_consent(session, customer.id)
    special = await make_consent(session, customer.id, purpose=Purpose.SPECIAL_CAT, channel=None)
    refused = await make_consent(session, customer.id, channel=Channel.SMS, action=Action.DENY)

    bases = [plain.legal_basis, special.legal_basis, refused.legal_basis]
    assert bases == [LegalBasis.CONSENT, LegalBasis.EXPLICIT, LegalBasis.NONE]


async def test_c_09_a_company_is_asked_like_anybody(session: AsyncSession) -> None:
    company = await make_customer(
        session,
        email="info@example.it",
        given_name=None,
        family_name="Rossi srl",
        subject_type=SubjectType.COMPANY,
    )
    email = Ask(Purpose.MKT_OWN, Channel.EMAIL)
    assert (await answer(session, company, email)).verdict is Verdict.DENY

    await make_consent(session, company.id)

    assert (await answer(session, company, email)).verdict is Verdict.ALLOW


# ── proof ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_13_what_staff_write_down_is_proven_by_a_scan_we_hold_and_an_integration_may_hold_its_own(
    session: AsyncSession, client_as: ClientAs, token_client: TokenClient
) -> None:
    customer = await make_customer(session, email="a@example.it", phone="+393331234567")
    version = await make_notice_version(session)
    await session.commit()
    said = {"purpose": "MKT_OWN", "action": "GRANT", "method": "POS_PAPER", "notice_version_id": str(version.id)}
    said |= {"occurred_at": "2026-11-01T10:00:00+01:00"}
    where = f"/v1/customers/{customer.id}/consents"
    cashier, shop = await client_as(Role.CASHIER), await token_client(["consents:write"])

    theirs = (await shop.post(where, json=said | {"channel": "EMAIL", "evidence": [UNHELD]})).json()
    claimed = (await cashier.post(where, json=said | {"channel": "SMS", "evidence": [UNHELD]})).json()
    held = (await cashier.post(where, json=said | {"channel": "POST", "evidence": [SCAN]})).json()

    assert [each["is_proven"] for each in (theirs, claimed, held)] == [True, False, True]
    assert [each["evidence"][0]["is_held"] for each in (theirs, claimed, held)] == [False, False, True]
    assert (await answer(session, customer, Ask(Purpose.MKT_OWN, Channel.SMS))).reason is Reason.UNPROVEN


@pytest.mark.parametrize(
    ("method", "evidence", "is_proven"),
    [
        (Method.PHONE_REC, [{"type": "recording", "uri": "calls:77"}], True),
        (Method.PHONE_REC, [], False),
        (Method.POS_TABLET, [SCAN | {"type": "signature"}], True),
        (Method.POS_TABLET, [{"type": "signature", "note": "ha firmato"}], False),
        (Method.ORAL, [{"type": "oral", "note": "ha detto di sì"}], False),
    ],
)
async def test_c_11_a_yes_needs_the_proof_its_way_leaves(
    session: AsyncSession, method: Method, evidence: list[dict[str, Any]], is_proven: bool
) -> None:
    customer = await make_customer(session, email="a@example.it")

    event = await make_consent(session, customer.id, method=method, evidence=evidence)

    assert event.is_proven is is_proven


async def test_c_11_the_text_of_another_purpose_proves_nothing(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    marketing = await make_notice_version(session)

    event = await make_consent(session, customer.id, purpose=Purpose.PROFILING, channel=None, version=marketing)

    assert event.is_proven is False


async def test_c_35_a_bought_address_with_the_text_of_its_seller_proves_nothing(session: AsyncSession) -> None:
    """The seller's form named its partners, not us: a yes that quotes it is kept, and counts as no."""
    customer = await make_customer(session, email="a@example.it")
    bought = consents.Incoming(
        customer_id=customer.id,
        purpose=Purpose.MKT_OWN,
        channel=Channel.EMAIL,
        action=Action.GRANT,
        occurred_at=LONG_BEFORE,
        method=Method.IMPORT,
        notice_version="e" * 64,
        evidence=[{"type": "file", "uri": "leads:1"}],
        source="lead-seller",
    )

    [outcome] = await consents.record_many(session, [bought], actor=STAFF)

    assert (outcome.is_new, outcome.is_proven) == (True, False)
    assert (await answer(session, customer)).reason is Reason.UNPROVEN


# ── age ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_b_19_a_thirteen_year_old_who_ticks_online_leaves_no_consent_and_a_parent_is_asked(
    session: AsyncSession, client_as: ClientAs
) -> None:
    child = await make_customer(session, email="a@example.it", birth_on=born(13))
    version = await make_notice_version(session)
    await session.commit()
    shop = await client_as(Role.OWNER)
    said = {"purpose": "MKT_OWN", "channel": "EMAIL", "action": "GRANT", "method": "WEB"}
    said |= {"occurred_at": "2026-11-20T10:00:00Z", "notice_version_id": str(version.id)}

    refused = [await shop.post(f"/v1/customers/{child.id}/consents", json=said) for _ in range(2)]

    assert [(each.status_code, each.json()["code"]) for each in refused] == [(409, "minor")] * 2
    assert await events_of(session, child) == []
    assert await tasks_of(session, child) == ["ask_parent"]


async def test_c_11_a_press_of_the_person_s_own_is_proven_by_its_message_and_never_typed_by_staff(
    session: AsyncSession, client_as: ClientAs, token_client: TokenClient
) -> None:
    customer = await make_customer(session, email="a@example.it", phone="+393331234567")
    version = await make_notice_version(session)
    await session.commit()
    said = {"purpose": "MKT_OWN", "action": "GRANT", "notice_version_id": str(version.id)}
    said |= {"occurred_at": "2026-11-01T10:00:00+01:00"}
    pressed = {"evidence": [{"type": "message", "uri": "message:1"}]}
    mail = said | {"channel": "EMAIL", "method": "EMAIL_LINK"}
    sms = said | {"channel": "SMS", "method": "SMS_KEYWORD"}
    where = f"/v1/customers/{customer.id}/consents"
    cashier, shop = await client_as(Role.CASHIER), await token_client(["consents:write"])

    by_staff = [(await cashier.post(where, json=each | pressed)).json()["is_proven"] for each in (mail, sms)]
    bare = (await shop.post(where, json=mail)).json()["is_proven"]
    by_shop = [(await shop.post(where, json=each | pressed)).json()["is_proven"] for each in (mail, sms)]

    assert (by_staff, bare, by_shop) == ([False, False], False, [True, True])


async def test_c_17_a_parent_says_yes_for_a_child_and_only_with_proof(session: AsyncSession) -> None:
    child = await make_customer(session, email="a@example.it", birth_on=born(12))

    bare = await make_consent(session, child.id, given_by="parent", method=Method.EMAIL_LINK, evidence=[])
    signed = await make_consent(session, child.id, given_by="parent", channel=Channel.SMS)

    assert (bare.party, bare.is_proven) == (Party.PARENT, False)
    assert (signed.party, signed.is_proven) == (Party.PARENT, True)


@pytest.mark.parametrize(
    ("purpose", "method", "is_stored"),
    [
        (Purpose.MKT_OWN, Method.WEB, True),
        (Purpose.MKT_OWN, Method.POS_PAPER, False),
        (Purpose.PROFILING, Method.WEB, False),
        (Purpose.THIRD_PARTY, Method.WEB, False),
    ],
)
async def test_c_17_from_fourteen_to_seventeen_only_the_person_alone_online_and_never_to_be_profiled(
    session: AsyncSession, purpose: Purpose, method: Method, is_stored: bool
) -> None:
    youth = await make_customer(session, email="a@example.it", birth_on=born(16))
    channel = None if purpose in FOR_ALL_CHANNELS else Channel.EMAIL

    if is_stored:
        await make_consent(session, youth.id, purpose=purpose, channel=channel, method=method)
    else:
        with pytest.raises(MinorConsent):
            await make_consent(session, youth.id, purpose=purpose, channel=channel, method=method)

    assert len(await events_of(session, youth)) == is_stored
    assert await tasks_of(session, youth) == []


async def test_c_17_who_is_only_known_to_be_young_is_treated_as_a_child(session: AsyncSession) -> None:
    youth = await make_customer(session, email="a@example.it", is_minor_flagged=True)

    with pytest.raises(MinorConsent):
        await make_consent(session, youth.id, method=Method.WEB)
    assert (await make_consent(session, youth.id, given_by="parent")).is_proven


async def test_c_17_d_03_the_ages_are_those_of_the_person_s_country(session: AsyncSession) -> None:
    """France asks the parent until fifteen; Italy until fourteen."""
    italian = await make_customer(session, email="a@example.it", birth_on=born(14), country="IT")
    french = await make_customer(session, email="b@example.it", birth_on=born(14), country="FR")

    assert (await make_consent(session, italian.id, method=Method.WEB, at=clock.now())).action == Action.GRANT_PENDING
    with pytest.raises(MinorConsent):
        await make_consent(session, french.id, method=Method.WEB, at=clock.now())


# ── objections ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_b_52_who_tries_to_overturn_an_objection_is_refused_and_remembered(
    session: AsyncSession, client_as: ClientAs
) -> None:
    customer = await make_customer(session, email="a@example.it")
    version = await make_notice_version(session)
    await session.commit()
    owner, officer = await client_as(Role.OWNER), await client_as(Role.PRIVACY_OFFICER)
    objection = {"scope": "all", "received_on": "2026-11-01", "method": "ORAL"}
    await owner.post(f"/v1/customers/{customer.id}/objections", json=objection)
    yes = {"purpose": "MKT_OWN", "channel": "EMAIL", "action": "GRANT", "method": "POS_PAPER", "evidence": [SCAN]}
    yes |= {"occurred_at": "2026-11-20T10:00:00Z", "notice_version_id": str(version.id)}
    where = f"/v1/customers/{customer.id}/consents"

    by_owner = await owner.post(where, json=yes)
    without_proof = await officer.post(where, json=yes | {"evidence": []})
    with_proof = await officer.post(where, json=yes)

    assert [each.status_code for each in (by_owner, without_proof, with_proof)] == [403, 403, 201]
    tries = await session.execute(
        select(AuditEntry.actor_name, AuditEntry.details)
        .where(AuditEntry.action == "consent.flip_refused", AuditEntry.subject_id == customer.id)
        .order_by(AuditEntry.id)
    )
    said = {"said": ["GRANT:MKT_OWN:EMAIL"]}
    assert [tuple(row) for row in tries] == [("owner", said), ("privacy_officer", said)]


async def test_c_16_who_objected_may_sign_up_again_on_the_web_and_nothing_stands_before_they_confirm(
    session: AsyncSession, client_as: ClientAs, token_client: TokenClient
) -> None:
    customer = await make_customer(session, email="a@example.it")
    version = await make_notice_version(session)
    await session.commit()
    cashier, shop = await client_as(Role.CASHIER), await token_client(["consents:write"])
    objection = {"scope": "all", "received_on": "2026-11-01", "method": "ORAL"}
    await cashier.post(f"/v1/customers/{customer.id}/objections", json=objection)
    yes = {"purpose": "MKT_OWN", "channel": "EMAIL", "action": "GRANT", "method": "WEB"}
    yes |= {"occurred_at": "2026-11-20T10:00:00Z", "notice_version_id": str(version.id)}
    where = f"/v1/customers/{customer.id}/consents"

    by_staff, by_shop = await cashier.post(where, json=yes), await shop.post(where, json=yes)

    assert (by_staff.status_code, by_shop.status_code) == (403, 201)
    assert by_shop.json()["action"] == "GRANT_PENDING"
    assert (await answer(session, customer)).reason is Reason.OBJECTED


async def test_c_16_an_older_yes_never_overturns_an_objection_whoever_records_it(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    await consents.object_(
        session, customer_id=customer.id, scope="all", received_on=date(2026, 11, 10), method=Method.ORAL, actor=STAFF
    )

    await make_consent(session, customer.id, at=datetime(2026, 11, 1, tzinfo=UTC), actor=OFFICER)

    assert (await answer(session, customer)).reason is Reason.OBJECTED


async def test_c_16_an_objection_on_paper_comes_with_its_scan_or_the_word_oral(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    said = {"customer_id": customer.id, "scope": "all", "received_on": date(2026, 11, 10), "actor": STAFF}

    with pytest.raises(Invalid):
        await consents.object_(session, method=Method.LETTER, **said)
    told = await consents.object_(session, method=Method.ORAL, **said)

    assert {each.evidence[0]["type"] for each in told} == {"oral"}


async def test_b_07_a_file_that_says_yes_again_overturns_no_objection(session: AsyncSession) -> None:
    """C-10: whoever imports it, the privacy officer's own list included, when it proves nothing."""
    customer = await make_customer(session, email="a@example.it")
    await consents.object_(
        session, customer_id=customer.id, scope="all", received_on=date(2026, 3, 1), method=Method.ORAL, actor=STAFF
    )
    yes = {"method": Method.IMPORT, "evidence": [{"type": "file", "uri": "crm:1"}]}

    with pytest.raises(ObjectionStands):
        await make_consent(session, customer.id, **yes)
    with pytest.raises(ObjectionStands):
        await make_consent(session, customer.id, actor=OFFICER, method=Method.IMPORT, evidence=[])

    assert (await answer(session, customer)).reason is Reason.OBJECTED


# ── a new address ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_23_a_corrected_address_opens_nothing_and_the_old_one_stays_suppressed(session: AsyncSession) -> None:
    customer = await make_customer(session, email="old@example.it")
    await make_consent(session, customer.id)
    await consents.suppress(
        session, channel=Channel.EMAIL, match_key="old@example.it", reason=SuppressionReason.COMPLAINT, actor=STAFF
    )
    await session.execute(text("update contact_points set valid_to = now(), is_primary = false"))
    await make_contact_point(session, customer.id, kind=ContactKind.EMAIL, value="new@example.it", level="UNVERIFIED")
    assert (await answer(session, customer)).verdict is Verdict.DENY

    await session.execute(text("update contact_points set level = 'CONFIRMED' where valid_to is null"))
    assert (await answer(session, customer)).verdict is Verdict.ALLOW
    await session.execute(text("update contact_points set valid_to = now(), is_primary = false"))
    await make_contact_point(session, customer.id, kind=ContactKind.EMAIL, value="old@example.it", level="CONFIRMED")

    assert (await answer(session, customer)).reason in {Reason.COMPLAINT, Reason.SUPPRESSED}


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_ledger_of_a_past_day_shows_what_had_been_said_with_its_words(
    session: AsyncSession, client: AsyncClient
) -> None:
    customer = await make_customer(session, email="a@example.it")
    version = await make_notice_version(session)
    await make_consent(session, customer.id, version=version, at=datetime(2026, 3, 1, tzinfo=UTC))
    await make_consent(session, customer.id, action=Action.WITHDRAW, at=datetime(2026, 6, 1, tzinfo=UTC))
    await session.commit()
    where = f"/v1/customers/{customer.id}/consents"

    then = (await client.get(where, params={"at": "2026-04-01T00:00:00Z"})).json()["items"]
    now = (await client.get(where)).json()["items"]

    assert [each["action"] for each in then] == ["GRANT"]
    assert [each["action"] for each in now] == ["WITHDRAW", "GRANT"]
    notice = then[0]["notice"]
    assert (notice["text"], notice["version"], notice["language"]) == (version.text, 1, "it")
    assert then[0]["evidence"] == [SCAN | {"note": None, "is_held": True}]
