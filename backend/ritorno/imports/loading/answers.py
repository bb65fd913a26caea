"""Files of what people said (consents by the keys of their cards) and of addresses nobody may write to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.queries import Versions, load_versions
from ritorno.consents.rules import Channel, Purpose, SuppressionReason, is_bad_time, takes_channel
from ritorno.customers import queries as customer_queries
from ritorno.customers.normalising import normalise_card, normalise_email, normalise_phone
from ritorno.customers.rules import Reference, ReferenceKind
from ritorno.imports.loading.customers import Answer, record_answers
from ritorno.imports.loading.people import undo_people
from ritorno.imports.loading.rows import Cells, Done, Loader, Numbered, Past, Undone, settle
from ritorno.imports.loading.shadows import pull, pull_people
from ritorno.imports.reading.values import parse_bool
from ritorno.imports.rules import ImportOutcome
from ritorno.kit.db import driver

_PURPOSES = {"marketing": Purpose.MKT_OWN, "offerte": Purpose.MKT_OWN, "profilazione": Purpose.PROFILING,
             "profiling": Purpose.PROFILING, "sondaggi": Purpose.MARKET_RESEARCH, "ricerche": Purpose.MARKET_RESEARCH,
             "terzi": Purpose.THIRD_PARTY}  # fmt: skip
_CHANNELS = {"email": Channel.EMAIL, "e-mail": Channel.EMAIL, "mail": Channel.EMAIL, "sms": Channel.SMS,
             "telefono": Channel.PHONE_OPERATOR, "phone": Channel.PHONE_OPERATOR, "posta": Channel.POST,
             "post": Channel.POST, "whatsapp": Channel.WHATSAPP}  # fmt: skip


@dataclass(slots=True)
class SaidRow:
    references: list[Reference]
    answer: Answer


class ConsentLoader(Loader):
    shadows: Sequence[str] = (
        "customers", "contact_points", "identifiers", "consent_events", "consent_states", "notice_deliveries",
        "outbox_events", "audit_entries",
    )  # fmt: skip
    _versions = Versions([])

    async def prepare(self, session: AsyncSession) -> None:
        self._versions = await load_versions(session)

    def read(self, group: Sequence[Cells]) -> SaidRow:
        [cells] = group
        references = self._references(cells)
        purpose = cells.read("purpose", _purpose)
        channel = cells.read("channel", _channel)
        is_yes = cells.read("answer", parse_bool)
        for name, value in (("purpose", purpose), ("answer", is_yes)):
            if value is None and not cells.refusals:
                cells.refuse(name, "missing", "is blank")
        if purpose and takes_channel(purpose) and channel is None:
            cells.refuse("channel", "missing", f"{purpose} is said for a channel")
        at, text = cells.noon("occurred_on"), cells.text("notice") or self.plan.options.consent_text
        version = self._versions.find(version_id=None, name=text, language="it")
        starts = version.effective_from if version else None
        if at and is_bad_time(at, now=self.plan.now, born_on=None, notice_from=starts):
            cells.refuse("occurred_on", "BAD_TIME", "is in the future, or before the text existed")
        if not references and not cells.refusals:
            cells.refuse("external_id", "nobody-named", "no column names the customer")
        evidence = cells.text("evidence") or self.plan.options.consent_evidence
        settle(group)
        assert purpose is not None
        assert is_yes is not None
        if is_yes and not (at and version and evidence):
            cells.remark("answer", "UNPROVEN", "a yes without its date, text and evidence opens nothing")
        answer = Answer(purpose, channel if takes_channel(purpose) else None, is_yes, at, text, evidence)
        return SaidRow(references, answer)

    def _references(self, cells: Cells) -> list[Reference]:
        found = []
        external_id = cells.text("external_id", 200)
        if external_id:
            source = self.plan.options.customer_source or self.plan.source
            found.append(Reference(ReferenceKind.EXTERNAL, source, external_id))
        country = self.plan.options.country or self.plan.country
        for name, kind, reader in (
            ("card", ReferenceKind.CARD, normalise_card),
            ("email", ReferenceKind.EMAIL, lambda cell: normalise_email(cell).match_key),
            ("phone", ReferenceKind.PHONE, lambda cell: normalise_phone(cell, country).e164),
        ):
            value = cells.read(name, reader)
            if value:
                found.append(Reference(kind, "", value))
        return found

    async def pull(self, session: AsyncSession, rows: Sequence[Numbered]) -> None:
        references = {reference for each in rows for reference in each.said.references}
        connection = await driver(session)

        async def find() -> set[UUID]:
            found = await customer_queries.resolve_references(session, references)
            return {owner for owners in found.values() for owner in owners}

        await pull_people(connection, find, self.shadows[1:6])

    async def load(self, session: AsyncSession, rows: Sequence[Numbered]) -> list[Done]:
        references = {reference for each in rows for reference in each.said.references}
        owners = await customer_queries.resolve_references(session, references)
        done = []
        for each in rows:
            people = next((owners[one] for one in each.said.references if len(owners[one]) == 1), ())
            if people:
                done.append(Done(each.number, ImportOutcome.UNCHANGED, people[0], findings=each.findings))
            else:
                reason = {"code": "nobody-found", "field": None, "column": None,
                          "message": "nobody, or several people, are known by these keys"}  # fmt: skip
                done.append(Done(each.number, ImportOutcome.REJECTED, findings=[reason]))
        said = [(one, [each.said.answer]) for one, each in zip(done, rows, strict=True) if one.subject_id]
        await record_answers(session, said, plan=self.plan, actor=self.actor)
        return done

    async def undo(self, session: AsyncSession, rows: Sequence[Past]) -> list[Undone]:
        return await undo_people(session, self.plan.import_id, rows, actor=self.actor)


def _purpose(cell: str) -> Purpose:
    return _PURPOSES.get(cell.casefold()) or Purpose(cell.upper())


def _channel(cell: str) -> Channel:
    return _CHANNELS.get(cell.casefold()) or Channel(cell.upper())


@dataclass(slots=True)
class SuppressedRow:
    addresses: list[tuple[Channel, str]]
    reason: SuppressionReason
    since: datetime


class SuppressionLoader(Loader):
    shadows: Sequence[str] = ("suppressions", "outbox_events", "audit_entries")

    def read(self, group: Sequence[Cells]) -> SuppressedRow:
        [cells] = group
        country = self.plan.options.country or self.plan.country
        value = cells.text("value")
        email = cells.text("email") or (value if value and "@" in value else None)
        phone = cells.text("phone") or (value if value and "@" not in value else None)
        addresses: list[tuple[Channel, str]] = []
        if email:
            address = cells.attempt(
                "email" if cells.text("email") else "value", lambda: normalise_email(email).match_key
            )
            addresses += [(Channel.EMAIL, address)] if address else []
        if phone:
            number = cells.attempt(
                "phone" if cells.text("phone") else "value", lambda: normalise_phone(phone, country).e164
            )
            addresses += [(each, number) for each in (Channel.SMS, Channel.PHONE_OPERATOR)] if number else []
        wanted = cells.read("channel", _channel)
        if wanted is not None:
            addresses = [each for each in addresses if each[0] is wanted]
        if not addresses and not cells.refusals:
            cells.refuse("value", "missing", "no address of that channel")
        reason = cells.read("reason", lambda cell: SuppressionReason(cell.upper())) or SuppressionReason.IMPORT
        since = cells.noon("since") or self.plan.now
        if since > self.plan.now:
            cells.refuse("since", "BAD_TIME", "is in the future")
        settle(group)
        return SuppressedRow(addresses, reason, since)

    async def pull_once(self, session: AsyncSession) -> None:
        await pull(await driver(session), "suppressions")

    async def load(self, session: AsyncSession, rows: Sequence[Numbered]) -> list[Done]:
        asked = [
            (place, (channel, key, each.said.reason, each.said.since))
            for place, each in enumerate(rows)
            for channel, key in each.said.addresses
        ]
        entries = await consents.suppress_many(session, [address for _, address in asked])
        held: dict[int, list[str]] = {}
        news: set[int] = set()
        for (place, _), (suppression_id, is_new) in zip(asked, entries, strict=True):
            held.setdefault(place, []).append(str(suppression_id))
            if is_new:
                news.add(place)
        return [
            Done(
                each.number,
                ImportOutcome.CREATED if place in news else ImportOutcome.UNCHANGED,
                changes={"suppressions": held[place]},
                findings=each.findings,
            )
            for place, each in enumerate(rows)
        ]

    async def undo(self, session: AsyncSession, rows: Sequence[Past]) -> list[Undone]:
        """Lift what no other file holds as well; complaints, dead addresses and erasures stay (C-25)."""
        ids = {each for row in rows for each in row.changes["suppressions"]}
        elsewhere = await (await driver(session)).fetch(_ALSO_HELD, self.plan.import_id, sorted(ids))
        lifted = await consents.lift_many(session, [UUID(each) for each in ids - {row["id"] for row in elsewhere}])
        gone = {str(each) for each in lifted}
        return [
            Undone(row.row_no, "removed", []) if gone.issuperset(row.changes["suppressions"])
            else Undone(row.row_no, "kept", ["suppressions"])
            for row in rows
        ]  # fmt: skip


_ALSO_HELD = """
    select distinct s.id from imports i
    join import_rows r on r.import_id = i.id, jsonb_array_elements_text(r.changes -> 'suppressions') as s (id)
    where i.kind = 'suppressions' and i.state in ('applying', 'applied') and i.id <> $1 and s.id = any($2::text[])
"""
