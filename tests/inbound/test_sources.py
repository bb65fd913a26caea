"""Where mail is taken from: a folder and a mailbox, once each, whatever dies in between."""

import os
import socket
import time
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Task
from ritorno.customers.models import Customer
from ritorno.inbound import folder, jobs, mailbox, service
from ritorno.inbound.collecting import take_each
from ritorno.inbound.models import InboundMail
from ritorno.inbound.rules import MailSource
from ritorno.kit.background import Work
from ritorno.messaging.models import Message
from tests.inbound.imap_server import imap_server
from tests.inbound.samples import about, sample

LONG_AGO = time.time() - 3600


@pytest.fixture
def drop(work: Work, tmp_path: Path) -> Work:
    """A job over a folder of this test."""
    return Work(work.settings.model_copy(update={"mail_dir": tmp_path}), work.sessions, work.actor)


def put(place: Path, name: str, raw: bytes, *, at: float = LONG_AGO) -> Path:
    path = place / name
    path.write_bytes(raw)
    os.utime(path, (at, at))
    return path


async def kinds(session: AsyncSession) -> list[str]:
    return sorted(await session.scalars(select(InboundMail.kind)))


def names(place: Path) -> list[str]:
    return sorted(path.name for path in place.glob("*"))


async def test_whole_files_are_taken_and_put_away(
    session: AsyncSession, drop: Work, tmp_path: Path, anna: Customer, message: Message
) -> None:
    put(tmp_path, "bounce.eml", about("postfix_unknown", drop.settings, message.id))
    put(tmp_path, "garbage.eml", b"\x00\x01")
    put(tmp_path, "half.eml", b"From: still being wri", at=time.time())
    put(tmp_path, ".hidden.eml", b"From: x\n\nx")
    put(tmp_path, "notes.txt", b"From: x\n\nx")

    await jobs.read_folder(drop, {})

    assert await kinds(session) == ["bounce", "unreadable"]
    assert names(tmp_path / "done") == ["bounce.eml"]
    assert names(tmp_path / "failed") == ["garbage.eml"]
    assert names(tmp_path) == [".hidden.eml", "done", "failed", "half.eml", "notes.txt"]


async def test_a_file_taken_by_one_who_died_before_putting_it_away_is_known(
    session: AsyncSession, drop: Work, tmp_path: Path, anna: Customer, message: Message
) -> None:
    raw = about("reply_stop", drop.settings, message.id)
    await service.receive(session, drop.settings, raw, source=MailSource.FOLDER)
    await session.commit()
    put(tmp_path, "reply.eml", raw)

    await jobs.read_folder(drop, {})

    assert await kinds(session) == ["reply"]
    assert names(tmp_path / "done") == ["reply.eml"]


async def test_a_file_that_may_not_be_moved_stops_no_other_and_somebody_is_told_once(
    session: AsyncSession, drop: Work, tmp_path: Path, anna: Customer, message: Message
) -> None:
    put(tmp_path, "a.eml", about("reply_stop", drop.settings, message.id))
    put(tmp_path, "b.eml", b"\x00\x01")
    (tmp_path / "done").write_text("not a folder")

    for _ in range(2):
        await jobs.read_folder(drop, {})

    assert await kinds(session) == ["reply", "unreadable"]
    assert names(tmp_path) == ["a.eml", "done", "failed"]
    tasks = await session.execute(select(Task.kind, Task.details).where(Task.kind == "inbound_source_stuck"))
    assert [tuple(each) for each in tasks] == [("inbound_source_stuck", {"source": "folder"})]


async def test_words_that_were_put_away_do_not_stay(drop: Work, tmp_path: Path) -> None:
    for place, days in (("done", 8), ("done", 6), ("failed", 31), ("failed", 29)):
        (tmp_path / place).mkdir(exist_ok=True)
        put(tmp_path / place, f"{days}.eml", b"x", at=time.time() - days * 86_400)

    await jobs.read_folder(drop, {})

    assert names(tmp_path / "done") == ["6.eml"]
    assert names(tmp_path / "failed") == ["29.eml"]


async def test_a_mail_that_cannot_be_taken_stops_no_other(session: AsyncSession, work: Work) -> None:
    broken: bytes = None  # type: ignore[assignment]
    taken = []

    async def take_both() -> None:
        async for key, _ in take_each(work, [("a", broken), ("b", sample("stranger"))], MailSource.FOLDER):
            taken.append(key)

    with pytest.raises(TypeError):
        await take_both()

    assert taken == ["b"], "what failed is not put away, and comes again"
    assert await kinds(session) == ["unattributed"]


async def test_nothing_happens_without_a_folder(drop: Work, tmp_path: Path) -> None:
    nowhere = drop.settings.model_copy(update={"mail_dir": tmp_path / "nowhere"})

    await jobs.read_folder(Work(nowhere, drop.sessions, drop.actor), {})

    assert folder.mail_folder(drop.settings.model_copy(update={"mail_dir": None})).name == "mail"


def reading(work: Work, port: int) -> Work:
    url = SecretStr(f"imap://posta:una%20frase@127.0.0.1:{port}/INBOX")
    return Work(work.settings.model_copy(update={"imap_url": url}), work.sessions, work.actor)


async def test_a_mailbox_is_read_and_what_was_taken_is_moved_away(
    session: AsyncSession, work: Work, anna: Customer, message: Message
) -> None:
    mails = {7: about("postfix_unknown", work.settings, message.id), 9: sample("stranger"), 11: b""}
    with imap_server(mails) as server:
        job = reading(work, server.server_address[1])

        await jobs.read_mailbox(job, {})
        await jobs.read_mailbox(job, {})

        assert await kinds(session) == ["bounce", "unattributed", "unreadable"]
        assert server.folders == {mailbox.FOLDER: [7, 9, 11]}
        assert mails == {}


async def test_a_mailbox_that_is_away_matters_to_nobody(work: Work) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]

        await jobs.read_mailbox(reading(work, port), {})
    await jobs.read_mailbox(work, {})


async def test_a_mailbox_that_refuses_us_is_for_somebody_to_mend(
    session: AsyncSession, work: Work, anna: Customer
) -> None:
    with imap_server({7: sample("stranger")}, password="another") as server:
        for _ in range(2):
            await jobs.read_mailbox(reading(work, server.server_address[1]), {})

    tasks = await session.scalars(select(Task.details).where(Task.kind == "inbound_source_stuck"))
    assert tasks.all() == [{"source": "imap"}]
