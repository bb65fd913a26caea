"""What people say, written down: a yes, a no, a withdrawal, an objection, one click in a mail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import queries
from ritorno.consents.errors import BadTime, MinorConsent, ObjectionStands, PersonalDataInEvidence
from ritorno.consents.models import ConsentEvent, Notice
from ritorno.consents.queries import Person, Versions
from ritorno.consents.rulepack import pack_for
from ritorno.consents.rules import (
    ONLINE,
    Action,
    Card,
    Channel,
    Entry,
    Method,
    Proof,
    Purpose,
    Standing,
    State,
    action_to_record,
    age_on,
    fold_recipients_together,
    fold_together,
    holds_personal_data,
    is_bad_time,
    is_proven,
    party_of,
    refuse_minor,
    takes_channel,
)
from ritorno.consents.service.appending import Draft, append
from ritorno.consents.showing import hashes_of, held_among
from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.problems import FieldError, Invalid, Problem
from ritorno.stores.queries import get_business

REVERSE = "consents:reverse"
"""The scope of the privacy officer; nobody else has it, the owner included (C-16)."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing somebody said, before it is judged."""

    customer_id: UUID
    purpose: Purpose
    channel: Channel | None
    action: Action
    occurred_at: datetime
    method: Method
    notice_version_id: UUID | None = None
    notice_version: str | None = None
    evidence: Sequence[dict[str, Any]] = field(default_factory=tuple)
    given_by: str = "subject"
    source: str | None = None
    locale: str | None = None
    contact_point_id: UUID | None = None
    recipient_id: UUID | None = None
    is_own_answer: bool = False
    """The person answered from the address itself, whoever typed the code in: a link pressed, a code of a text."""


PARENT_TASK = "ask_parent"
_BY_ONESELF = frozenset({Method.EMAIL_LINK, Method.SMS_KEYWORD})
REMEMBERED = (MinorConsent, ObjectionStands)


class Outcome(NamedTuple):
    """What became of it: appended, known already, or refused."""

    event_id: UUID | None
    is_proven: bool | None
    is_new: bool
    problem: Problem | None


async def record_consent(session: AsyncSession, incoming: Incoming, *, actor: Actor) -> ConsentEvent | Problem:
    """Append one entry and return it; an identical one that is there already is returned instead.

    A refusal that must be remembered, with its audit row or its task, is returned: raising it would roll that back.
    """
    [outcome] = await record_many(session, [incoming], actor=actor)
    if isinstance(outcome.problem, REMEMBERED):
        return outcome.problem
    if outcome.problem is not None:
        raise outcome.problem
    return await session.get_one(ConsentEvent, outcome.event_id)


async def record_many(session: AsyncSession, rows: Sequence[Incoming], *, actor: Actor) -> list[Outcome]:
    """Append what may be appended, set by set; one bad row never spoils the others."""
    people = await queries.lock_people(session, {row.customer_id for row in rows})
    ledgers = await queries.cards_of(session, people)
    addresses = await queries.addresses_of(session, people)
    held = await held_among(session, hashes_of(each for row in rows for each in row.evidence))
    versions, home = await queries.load_versions(session), (await get_business(session)).country
    judging = _Judging(people, ledgers, versions, addresses, held, home, clock.now(), actor)
    judged = [judging.judge(row) for row in rows]
    drafts = [each for each in judged if isinstance(each, Draft)]
    events = iter(await append(session, drafts, actor=actor))
    outcomes = []
    for each in judged:
        if isinstance(each, Problem):
            outcomes.append(Outcome(None, None, is_new=False, problem=each))
        elif isinstance(each, Entry):
            outcomes.append(Outcome(each.id, each.is_proven, is_new=False, problem=None))
        else:
            event = next(events)
            outcomes.append(Outcome(event.id, event.is_proven, is_new=True, problem=None))
    await note(session, drafts, actor=actor)
    await _remember(session, judging, actor=actor)
    return outcomes


async def _remember(session: AsyncSession, judging: "_Judging", *, actor: Actor) -> None:
    """Note whose objection somebody tried to overturn (B-52), and ask for the parent of a child who said yes (B-19)."""
    await activity.record_many(
        session,
        actor,
        "consent.flip_refused",
        subject="customer",
        rows=[(customer_id, {"said": said}) for customer_id, said in judging.flips.items()],
    )
    for customer_id in judging.children:
        await activity.open_task(
            session, kind=PARENT_TASK, key=f"parent:{customer_id}", subject="customer", subject_id=customer_id
        )


class _Judging:
    """The rules of recording over one batch: what the ledger holds counts, and so do earlier rows."""

    def __init__(
        self,
        people: dict[UUID, Person],
        ledgers: dict[UUID, list[Card]],
        versions: Versions,
        addresses: dict[tuple[UUID, Channel], UUID],
        held: set[str],
        home: str,
        now: datetime,
        actor: Actor,
    ) -> None:
        self.flips: dict[UUID, list[str]] = {}
        """Whose objection a yes would have overturned."""
        self.children: set[UUID] = set()
        """Who said yes online and is too young to."""
        self._people = people
        self._ledgers = ledgers
        self._versions = versions
        self._addresses = addresses
        self._held = held
        self._home = home
        self._now = now
        self._actor = actor

    def judge(self, row: Incoming) -> Draft | Entry | Problem:
        """Return the entry to append, the one that says the same already, or why there is none."""
        person = self._people.get(row.customer_id)
        if person is None:
            return CustomerNotFound()
        if person.erased_at is not None:
            return CustomerErased()
        if person.merged_into_id is not None:
            return CustomerMerged(merged_into=str(person.merged_into_id))
        problem = _shape_problem(row)
        if problem is not None:
            return problem
        draft = self._draft(row, person)
        return self._refusal(row, draft, person) or self._known(draft) or self._accept(draft)

    def _draft(self, row: Incoming, person: Person) -> Draft:
        version = self._versions.find(
            version_id=row.notice_version_id, name=row.notice_version, language=row.locale or person.language
        )
        notice = self._versions.notice_of(version) if version is not None else None
        recipient_id = row.recipient_id
        if recipient_id is None and notice is not None and row.purpose is Purpose.THIRD_PARTY:
            recipient_id = notice.recipient_id
        action = action_to_record(row.action, row.method)
        return Draft(
            customer_id=row.customer_id,
            purpose=row.purpose,
            channel=row.channel,
            action=action,
            occurred_at=row.occurred_at,
            method=row.method,
            party=party_of(row.method, row.given_by),
            is_proven=is_proven(action, row.method, self._proof(row, notice, recipient_id))
            and not (action is Action.GRANT and self._is_hearsay(row)),
            version=version,
            evidence=[{name: value for name, value in each.items() if value is not None} for each in row.evidence],
            contact_point_id=row.contact_point_id or self._address(row),
            recipient_id=recipient_id,
            source=row.source,
            locale=row.locale,
        )

    def _proof(self, row: Incoming, notice: Notice | None, recipient_id: UUID | None) -> Proof:
        """Return what came along. A text proves a yes to its own purpose and third party only; what staff write down is
        proven by a file we hold, while an integration may hold its own and give us the hash (C-13).
        """
        asks_for_it = notice is not None and notice.purpose == row.purpose and notice.recipient_id == recipient_id
        if row.purpose is Purpose.THIRD_PARTY and recipient_id is None:
            asks_for_it = False
        hashes = hashes_of(row.evidence)
        hashed = len(hashes & self._held if self._actor.kind == "user" else hashes)
        return Proof(
            knows_text=asks_for_it,
            hashed=hashed,
            referenced=len(hashes) - hashed + sum(1 for each in row.evidence if each.get("uri")),
            is_of_parent=row.given_by == "parent",
        )

    def _is_hearsay(self, row: Incoming) -> bool:
        """Tell whether staff claim a press or a text of the person's own: the press itself proves it (C-11)."""
        return self._actor.kind == "user" and row.method in _BY_ONESELF and not row.is_own_answer

    def _may_overturn(self, row: Incoming, draft: Draft) -> bool:
        """Tell whether a yes may follow an objection: the person's own does, and so does one that an integration heard
        and that still waits for the person; whatever else is said needs the privacy officer (C-16, B-52).
        """
        if REVERSE in self._actor.scopes or self._actor.kind == "subject" or row.is_own_answer:
            return True
        return self._actor.kind == "token" and draft.action is Action.GRANT_PENDING

    def _address(self, row: Incoming) -> UUID | None:
        return self._addresses.get((row.customer_id, row.channel)) if row.channel is not None else None

    def _refusal(self, row: Incoming, draft: Draft, person: Person) -> Problem | None:
        notice_from = draft.version.effective_from if draft.version else None
        if is_bad_time(draft.occurred_at, now=self._now, born_on=person.birth_on, notice_from=notice_from):
            return BadTime(reason="BAD_TIME")
        if draft.action not in (Action.GRANT, Action.GRANT_PENDING):
            return None
        on = draft.occurred_at.date()
        ages = pack_for(person.country or self._home, self._home, on).ages
        age = age_on(person.birth_on, on) if person.birth_on else 0 if person.is_minor_flagged else None
        if refuse_minor(draft.purpose, draft.method, draft.party, age=age, ages=ages) is not None:
            if age is not None and age < ages.parent_below and draft.method in ONLINE:
                self.children.add(person.id)
            return MinorConsent(reason="MINOR")
        state = self._standing(draft)
        overturns = state is not None and state.standing is Standing.OBJECTED and draft.occurred_at > state.since
        if overturns and not (self._may_overturn(row, draft) and draft.is_proven):
            self.flips.setdefault(person.id, []).append(said_of(draft))
            return ObjectionStands()
        return None

    def _standing(self, draft: Draft) -> State | None:
        """Return where what a draft speaks of stands; an objection to all third parties is one to each."""
        cards = self._ledgers[draft.customer_id]
        if draft.recipient_id is not None:
            named = fold_recipients_together(cards).get(draft.recipient_id)
            if named is not None:
                return named
        return fold_together(cards).get((draft.purpose, draft.channel))

    def _known(self, draft: Draft) -> Entry | None:
        said = _words(draft)
        entries = (entry for card in self._ledgers[draft.customer_id] for entry in card.entries)
        return next((entry for entry in entries if _words(entry) == said), None)

    def _accept(self, draft: Draft) -> Draft:
        placeholder = Entry(
            draft.customer_id,
            draft.purpose,
            draft.channel,
            draft.action,
            draft.occurred_at,
            draft.is_proven,
            draft.method,
            draft.party,
            recipient_id=draft.recipient_id,
        )
        self._ledgers[draft.customer_id][0].entries.append(placeholder)
        return draft


def _words(said: Draft | Entry) -> tuple[object, ...]:
    """Return what makes two entries say the same."""
    return (
        said.purpose, said.channel, said.recipient_id, said.action, said.occurred_at, said.method, said.is_proven,
    )  # fmt: skip


def _shape_problem(row: Incoming) -> Problem | None:
    if takes_channel(row.purpose) and row.channel is None:
        return Invalid(errors=[FieldError("channel", "missing", f"{row.purpose} is said for a channel")])
    if not takes_channel(row.purpose) and row.channel is not None:
        return Invalid(errors=[FieldError("channel", "not-null", f"{row.purpose} holds for all channels")])
    if row.recipient_id is not None and row.purpose is not Purpose.THIRD_PARTY:
        return Invalid(errors=[FieldError("recipient_id", "not-null", "only THIRD_PARTY names a recipient")])
    return evidence_problem(row.evidence)


def evidence_problem(evidence: Iterable[dict[str, Any]]) -> Problem | None:
    for each in evidence:
        if holds_personal_data(f"{each.get('type') or ''} {each.get('uri') or ''}", each.get("note") or ""):
            return PersonalDataInEvidence()
    return None


async def note(session: AsyncSession, drafts: Sequence[Draft], *, actor: Actor) -> None:
    """Tell the audit log what happened, one line for each person; the ledger has the rest."""
    acts: dict[UUID, list[str]] = {}
    for draft in drafts:
        acts.setdefault(draft.customer_id, []).append(said_of(draft))
    await activity.record_many(
        session,
        actor,
        "consent.recorded",
        subject="customer",
        rows=[(customer_id, {"said": said}) for customer_id, said in acts.items()],
    )


def said_of(draft: Draft) -> str:
    """Return what a draft says, in codes."""
    return f"{draft.action}:{draft.purpose}:{draft.channel or '*'}"
