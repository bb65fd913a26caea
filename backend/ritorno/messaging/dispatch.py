"""The road out: claim, ask the gate again, mark, hand over, record (DESIGN §6, STYLE §4).

A producer claims and asks; lanes, one connection each, take small groups. What a killed process leaves in doubt is at
most one group per lane. Service mail has a road of its own, so it never waits behind marketing (E-09).
"""

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.consents.rules import Channel, Reason, TemplateClass
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import may_pass, unit_of_work
from ritorno.kit.logging import log
from ritorno.messaging import handoff
from ritorno.messaging.gateway import sms_account
from ritorno.messaging.handoff import Claimed, Line, line_of
from ritorno.messaging.letters import Asked, Desk, Refusal, ask_again, open_desk
from ritorno.messaging.mime import Letter
from ritorno.messaging.pacing import service as pacing
from ritorno.messaging.recording import (
    is_too_late,
    record_answers,
    record_lost_workers,
    record_receipts,
    record_refusals,
)
from ritorno.messaging.tracking.measuring import keep_measured
from ritorno.messaging.transports.capture import CaptureTransport
from ritorno.messaging.transports.port import Receipt, Transport
from ritorno.messaging.transports.sms import CapturingGateway
from ritorno.messaging.transports.smtp import SmtpTransport
from ritorno.messaging.transports.twilio import TwilioGateway

ANSWER_HOLDS = timedelta(seconds=60)
"""No letter is begun on an older answer of the gate: a withdrawal wins within that time (D-01, C-14)."""
ASK_AGAIN_AFTER = timedelta(seconds=45)
"""A group is not begun on an older one, so that it has time to leave."""

LOOK_AGAIN = 1.0
"""Seconds between two looks for new work while a lane waits for a slow server."""

PATIENCE = 300.0
"""Seconds that answers wait for PostgreSQL to come back before they are given up."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How wide the road is."""

    lanes: int = 5
    group: int = 10
    claim: int = 200
    lease: timedelta = timedelta(seconds=30)
    """Renewed while the worker lives, so it is only as long as a living worker may stall."""


class _Group(NamedTuple):
    """A few messages of one channel on their way to a lane."""

    channel: Channel
    asked: list[Asked]
    desk: Desk
    asked_at: datetime


class _Done(NamedTuple):
    """A group that was handed over and is not yet written down."""

    messages: dict[UUID, Claimed]
    receipts: list[Receipt]


class Dispatch:
    """One run of the road by one worker, for all streams or some of them."""

    def __init__(
        self,
        settings: Settings,
        sessions: async_sessionmaker[AsyncSession],
        *,
        pace: Pace | None = None,
        streams: Collection[TemplateClass] = frozenset(TemplateClass),
    ) -> None:
        self._settings = settings
        self._sessions = sessions
        self._pace = pace or Pace()
        self._streams = streams
        self._young: frozenset[Line] = frozenset()
        self._underway = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._worker = uuid4()
        self._stopping = False
        self._handed_over = 0

    async def run(self) -> int:
        """Work until nothing is due, and return how many letters were handed over.

        Cancelled, it finishes the groups already marked and gives the rest back, so that a planned stop leaves nothing
        in doubt.
        """
        road = asyncio.ensure_future(self._drive())
        try:
            await asyncio.shield(road)
        except asyncio.CancelledError:
            self._stopping = True
            self._idle.set()
            await road
            raise
        return self._handed_over

    async def _drive(self) -> None:
        await self._look_after_the_dead()
        groups: asyncio.Queue[_Group | None] = asyncio.Queue(maxsize=self._pace.lanes * 4)
        producing = asyncio.create_task(self._produce(groups))
        living = asyncio.create_task(self._keep_leases())
        try:
            async with asyncio.TaskGroup() as lanes:
                for _ in range(self._pace.lanes):
                    lanes.create_task(self._lane(groups))
            # A producer that failed has let the lanes finish; its failure is told now.
            await producing
        finally:
            producing.cancel()
            living.cancel()
            await asyncio.gather(producing, living, return_exceptions=True)
            async with unit_of_work(self._sessions) as session:
                await handoff.release(session, self._worker)
            if self._handed_over:
                log.info("messages.handed_over", count=self._handed_over)

    async def _produce(self, groups: "asyncio.Queue[_Group | None]") -> None:
        """Claim while anything is due; while a lane is out behind a slow server, what falls due goes to the others."""
        try:
            while not self._stopping:
                batch = await self._claim_batch()
                if batch is None:
                    if self._idle.is_set():
                        break
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_AGAIN):
                            await self._idle.wait()
                    continue
                for group in batch:
                    self._count_groups(+1)
                    await groups.put(group)
        finally:
            for _ in range(self._pace.lanes):
                await groups.put(None)

    def _count_groups(self, change: int) -> None:
        self._underway += change
        if self._underway:
            self._idle.clear()
        else:
            self._idle.set()

    async def _keep_leases(self) -> None:
        """Say that this worker lives, and look after those that do not."""
        while True:
            await asyncio.sleep(self._pace.lease.total_seconds() / 3)
            async with unit_of_work(self._sessions) as session:
                await handoff.keep(session, self._worker, now=clock.now(), lease=self._pace.lease)
            await self._look_after_the_dead()

    async def _look_after_the_dead(self) -> None:
        async with unit_of_work(self._sessions) as session:
            in_doubt = await record_lost_workers(session, now=clock.now())
        if in_doubt:
            log.warning("messages.in_doubt", count=in_doubt)

    async def _claim_batch(self) -> list[_Group] | None:
        """Claim what is due and ask the gate about it; None when nothing is due."""
        now = clock.now()
        async with unit_of_work(self._sessions) as session:
            claimed, is_over = await self._claim(session, now)
        if not claimed:
            return None if is_over else []
        async with unit_of_work(self._sessions) as session:
            asked = await ask_again(session, claimed, at=now)
            allowed = await record_answers(session, self._worker, asked, now=now)
            desk = await open_desk(session, self._settings, allowed)
            await keep_measured(session, desk.measured(allowed))
        return [_Group(channel, part, desk, now) for channel, part in self._cut(allowed)]

    async def _claim(self, session: AsyncSession, now: datetime) -> tuple[list[Claimed], bool]:
        """Return what this worker may take now, and whether nothing more is due.

        A young domain takes no more than its allowance; slow receivers what their tokens allow; everybody else a fair
        share.
        """
        road = await pacing.road_of(session, self._streams)
        self._young = frozenset(road.young)
        shares: list[tuple[list[Line], int]] = []
        free = list(road.lines)
        for line in road.young:
            allowance = await pacing.allowance_of(session, line, now=now)
            if allowance is None:
                free.append(line)
            else:
                shares.append(([line], min(allowance, self._pace.claim)))
        claimed: list[Claimed] = []
        set_aside = 0
        lease = self._pace.lease
        for lines, most in [*shares, (free, self._pace.claim)]:
            paced: list[Claimed] = []
            if road.has_paces:
                paced = await pacing.claim_paced(session, self._worker, lines, now=now, lease=lease, limit=most)
            part = await handoff.claim(
                session, self._worker, lines=lines, now=now, lease=lease, limit=most - len(paced)
            )
            claimed += [*paced, *part.messages]
            set_aside += part.set_aside
        return claimed, set_aside == 0

    def _cut(self, allowed: Sequence[Asked]) -> list[tuple[Channel, list[Asked]]]:
        """Return groups of one channel each, none longer than what may be in doubt at once."""
        parts: list[tuple[Channel, list[Asked]]] = []
        by_channel = sorted(allowed, key=lambda each: each.message.channel)
        for channel, same in groupby(by_channel, key=lambda each: each.message.channel):
            members = list(same)
            for start in range(0, len(members), self._pace.group):
                parts.append((Channel(channel), members[start : start + self._pace.group]))
        return parts

    async def _lane(self, groups: "asyncio.Queue[_Group | None]") -> None:
        line = _Line(self._settings, self._sessions)
        done: _Done | None = None
        more = True
        patience = asyncio.get_running_loop().time() + PATIENCE
        try:
            while more or done is not None:
                group = None
                # While more waits, one unit of work records a group and marks the next; a record never waits for work.
                if more and (done is None or not groups.empty()):
                    group = await groups.get()
                    more = group is not None
                ended = (done is not None) + (group is not None)
                try:
                    done = await self._step(line, done, group)
                except Exception as error:
                    if not may_pass(error) or asyncio.get_running_loop().time() > patience:
                        raise
                    # PostgreSQL is away, and what a server has said is known here alone: it is kept until it can be
                    # written down, or it would be in doubt (E-15). Nothing more is begun meanwhile.
                    self._stopping = True
                    if done is not None:
                        log.warning("messages.record_waits", count=len(done.receipts))
                        await asyncio.sleep(LOOK_AGAIN)
                else:
                    patience = asyncio.get_running_loop().time() + PATIENCE
                self._count_groups((done is not None) - ended)
        finally:
            await line.close()

    async def _step(self, line: "_Line", done: _Done | None, group: _Group | None) -> _Done | None:
        """Record what was handed over, mark what comes next and hand it over with no unit of work open."""
        now = clock.now()
        if self._stopping:
            # Still only claimed: it is given back at the end of the run.
            group = None
        elif group is not None and now - group.asked_at > ASK_AGAIN_AFTER:
            group = await self._ask_once_more(group, now)
        letters, refused = _write(group, now) if group is not None else ([], [])
        if group is not None:
            letters = await group.desk.signer.sign(letters, at=now)
        marked: set[UUID] = set()
        async with unit_of_work(self._sessions) as session:
            if done is not None:
                await record_receipts(session, self._worker, done.messages, done.receipts, now=now)
            if group is not None:
                await record_refusals(session, self._worker, refused, now=now)
                told = {each.message.id: each.decision for each in group.asked}
                writable = {letter.message_id: told[letter.message_id] for letter in letters}
                marked = await handoff.mark_sending(session, self._worker, writable, now=now, lease=self._pace.lease)
                await self._count(session, group, writable.keys(), marked)
                await handoff.record_costs(
                    session, {each.message_id: each.cost_minor for each in letters if each.cost_minor is not None}
                )
        leaving = [letter for letter in letters if letter.message_id in marked]
        if group is None or not leaving:
            return None
        receipts = await line.deliver(group.channel, leaving, until=group.asked_at + ANSWER_HOLDS)
        self._handed_over += len(receipts)
        return _Done({each.message.id: each.message for each in group.asked}, receipts)

    async def _count(
        self, session: AsyncSession, group: _Group, writable: AbstractSet[UUID], marked: set[UUID]
    ) -> None:
        """Give back what was paused or held meanwhile, and count what a young domain is about to write."""
        if len(marked) < len(writable):
            await handoff.release(session, self._worker, writable - marked)
        if self._young:
            leaving = [line_of(each.message) for each in group.asked if each.message.id in marked]
            await pacing.count_young(session, [line for line in leaving if line in self._young])

    async def _ask_once_more(self, group: _Group, now: datetime) -> _Group:
        """Return a group that waited behind a slow server as the gate sees it now."""
        async with unit_of_work(self._sessions) as session:
            asked = await ask_again(session, [each.message for each in group.asked], at=now)
            allowed = await record_answers(session, self._worker, asked, now=now)
        return group._replace(asked=allowed, asked_at=now)


def _write(group: _Group, at: datetime) -> tuple[list[Letter], list[tuple[Asked, Refusal]]]:
    letters: list[Letter] = []
    refused: list[tuple[Asked, Refusal]] = []
    for asked in group.asked:
        too_late = is_too_late(asked.message, at)
        written = Refusal(Reason.TOO_LATE) if too_late else group.desk.write(asked, at=at)
        if isinstance(written, Letter):
            letters.append(written)
        else:
            refused.append((asked, written))
    return letters, refused


class _Line:
    """The transports of one lane, opened when the first letter of their channel comes."""

    def __init__(self, settings: Settings, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._settings = settings
        self._sessions = sessions
        self._transports: dict[Channel, Transport] = {}

    async def deliver(self, channel: Channel, letters: Sequence[Letter], *, until: datetime) -> list[Receipt]:
        if channel not in self._transports:
            self._transports[channel] = self._open(channel)
        return await self._transports[channel].deliver(letters, until=until)

    def _open(self, channel: Channel) -> Transport:
        if channel is Channel.SMS:
            account = sms_account(self._settings)
            return TwilioGateway(account, self._settings.public_url) if account else CapturingGateway(self._sessions)
        # Letters and call lists have no road of their own: they are kept where staff can read them.
        if channel is not Channel.EMAIL or self._settings.captures_mail:
            return CaptureTransport(self._sessions)
        return SmtpTransport(self._settings.smtp_url.get_secret_value())

    async def close(self) -> None:
        for transport in self._transports.values():
            await transport.close()
