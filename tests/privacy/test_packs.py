"""The pack of one person: everything, in words, for machines, and nobody else's (C-28)."""

import csv
import io
import resource
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.rules import Action, Channel, Purpose
from ritorno.consents.service.person import export as export_consents
from ritorno.customers import service as customers
from ritorno.customers.models import Customer, CustomerNote
from ritorno.duplicates.service import merge, unmerge
from ritorno.erasures import service as erasures
from ritorno.identity.models import User
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.privacy import jobs, queries, service
from ritorno.privacy.errors import PackExpired, PackNotAsked
from ritorno.privacy.models import PrivacyPack
from ritorno.privacy.packs import building
from ritorno.privacy.rules import IdentityMethod, PackState, RequestKind
from ritorno.privacy.service.packing import claim_pack, folder_of
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import make_plan, make_template
from tests.factories.privacy import OFFICER, make_desk, make_request
from tests.factories.transactions import a_line, make_transaction

KNOWN = IdentityMethod.KNOWN_IN_PERSON


@pytest.fixture
def work(work: Work, tmp_path: Path) -> Work:
    """A job whose files go into a folder of their own."""
    return Work(work.settings.model_copy(update={"data_dir": tmp_path, "lake_url": ""}), work.sessions, work.actor)


async def ask(session: AsyncSession, customer: Customer, *, kind: RequestKind = RequestKind.ACCESS) -> PrivacyPack:
    request = await make_request(session, customer.id, kind=kind, identity=KNOWN)
    return await service.ask_for_pack(session, request.id, language=None, actor=OFFICER)


async def build(session: AsyncSession, work: Work, pack: PrivacyPack) -> dict[str, bytes]:
    """Let the worker build a pack, and return its files."""
    await session.commit()
    await jobs.build_pack(work, {"pack_id": str(pack.id)})
    await session.refresh(pack)
    assert pack.state == PackState.DONE, pack.failure
    assert pack.stored_name is not None
    with zipfile.ZipFile(folder_of(work.settings) / pack.stored_name) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


async def make_marta(session: AsyncSession, **columns: Any) -> Customer:
    """Make somebody who bought, agreed, was written to and was read."""
    customer = await make_customer(
        session,
        **{"given_name": "Marta", "family_name": "Bianchi", "email": "marta@example.com", "phone": "+393331112223"}
        | columns,
    )
    await make_consent(session, customer.id)
    await make_consent(session, customer.id, purpose=Purpose.PROFILING, channel=None)
    await make_consent(session, customer.id, channel=Channel.SMS, action=Action.DENY)
    await make_transaction(session, customer, a_line("bread", "3.20"), a_line("coffee", "4.10"))
    session.add(
        CustomerNote(customer_id=customer.id, body="Preferisce il pane integrale", author_name="Giulia Verdoni")
    )
    await session.flush()
    return customer


class _Reader(HTMLParser):
    """Collects the tags and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: bytes) -> _Reader:
    reader = _Reader()
    reader.feed(page.decode())
    return reader


async def test_c_28_the_pack_holds_a_page_a_paper_json_and_a_table_for_each_section(
    session: AsyncSession, work: Work
) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session)
    await make_plan(session, await make_template(session, work.settings), [marta.id])

    pack = await ask(session, marta)
    files = await build(session, work, pack)

    sections = orjson.loads(files["data.json"])["sections"]
    assert files["index.pdf"].startswith(b"%PDF")
    assert {f"csv/{section}.csv" for section in sections} == {name for name in files if name.startswith("csv/")}
    assert pack.sections == {section: len(rows) for section, rows in sections.items()}
    assert {
        "card", "contact_points", "consents", "permissions", "messages", "purchases", "purchase_lines", "notes",
        "requests", "sources",
    } <= set(sections)  # fmt: skip


async def test_c_28_the_page_is_in_the_persons_language_with_the_exact_texts_and_the_rights(
    session: AsyncSession, work: Work
) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session)
    english = await make_marta(session, language="en", email="m.white@example.com", phone="+393331112299")
    texts = [event["text"] for event in await _consents_of(session, marta)]

    italian_page = read((await build(session, work, await ask(session, marta)))["index.html"])
    english_page = read((await build(session, work, await ask(session, english)))["index.html"])

    assert dict(italian_page.tags)["html"] == {"lang": "it"}
    assert dict(english_page.tags)["html"] == {"lang": "en"}
    assert "I suoi diritti" in italian_page.text
    assert "Garante" in italian_page.text
    assert "Your rights" in english_page.text
    assert all(text in italian_page.text for text in texts)
    assert "€ 7.30" in english_page.text
    assert "7,30 €" in italian_page.text


async def _consents_of(session: AsyncSession, customer: Customer) -> list[dict[str, Any]]:
    return list((await export_consents(session, customer.id))["consents"])


async def test_c_28_the_names_of_staff_are_in_no_file(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session)
    cashier = User(email="v@shop.example", name="Vincenza Castelnuovo", role="cashier", password_hash="-")
    session.add(cashier)
    await session.flush()
    reader = Actor("user", cashier.id, cashier.name, frozenset(), "cashier")
    for _ in range(3):
        await activity.record(session, reader, "customer.read", subject="customer", subject_id=marta.id)

    files = await build(session, work, await ask(session, marta))

    everything = b"".join(content for name, content in files.items() if name != "index.pdf")
    assert not [name for name in (b"Castelnuovo", b"Verdoni", b"Ferraris", b"Giulia") if name in everything]
    readers = orjson.loads(files["data.json"])["sections"]["readers"]
    assert [(row["who"], row["act"], row["times"]) for row in readers] == [("cashier", "customer.read", 3)]
    assert "cassa" in read(files["index.html"]).text


async def test_c_28_a_family_on_one_address_is_in_nobodys_pack_but_its_own(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session, email="famiglia@example.com")
    luca = await make_customer(
        session, given_name="Ludovico", family_name="Tarquini", email="famiglia@example.com", phone="+393339998887"
    )
    await make_consent(session, luca.id, action=Action.WITHDRAW, at=datetime(2026, 3, 17, tzinfo=UTC))
    await make_transaction(session, luca, a_line("grappa", "44.44"))
    template = await make_template(session, work.settings)
    await make_plan(session, template, [marta.id, luca.id])

    files = await build(session, work, await ask(session, marta))

    everything = b"".join(content for name, content in files.items() if name != "index.pdf").decode()
    theirs = ("Ludovico", "Tarquini", "+393339998887", "grappa", "Grappa", "44.44", "4444", "17 marzo", str(luca.id))
    assert not [word for word in theirs if word in everything]
    assert "famiglia@example.com" in everything


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


async def test_c_28_hostile_words_are_shown_and_never_run(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session, given_name=HOSTILE, family_name='=HYPERLINK("https://evil.example")')
    await customers.add_tag(session, marta.id, "+39@SUM(A1)", actor=OFFICER)

    files = await build(session, work, await ask(session, marta))

    page = read(files["index.html"])
    assert {tag for tag, _ in page.tags}.isdisjoint({"script", "img", "iframe", "object"})
    assert HOSTILE in page.text
    for name in (name for name in files if name.startswith("csv/")):
        for row in csv.reader(io.StringIO(files[name].decode("utf-8-sig"))):
            assert not [cell for cell in row if cell[:1] in "=+-@\t\r\n" and cell], name
    card = orjson.loads(files["data.json"])["sections"]["card"][0]
    assert card["given_name"] == HOSTILE


async def test_c_28_a_portable_pack_holds_what_was_given_and_done_and_nothing_we_made_of_it(
    session: AsyncSession, work: Work
) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session)

    files = await build(session, work, await ask(session, marta, kind=RequestKind.PORTABILITY))

    sections = set(orjson.loads(files["data.json"])["sections"])
    assert {"card", "contact_points", "purchases", "purchase_lines"} <= sections
    assert sections.isdisjoint({"notes", "scores", "segments", "tags", "purchase_profile", "readers", "acts"})
    assert "integrale" not in files["index.html"].decode()


async def test_c_28_a_merged_card_is_told_with_the_living_one(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session)
    old = await make_customer(session, given_name="Marta", family_name="Bianchi B.", email="vecchia@example.com")
    await merge(session, winner_id=marta.id, loser_id=old.id, actor=OFFICER)

    files = await build(session, work, await ask(session, marta))

    assert "vecchia@example.com" in read(files["index.html"]).text


async def test_c_28_the_first_copy_is_free_and_copies_are_counted(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session)
    first = await ask(session, marta)
    first_files = await build(session, work, first)
    second = await ask(session, marta)
    second_files = await build(session, work, second)

    assert (first.copy_number, second.copy_number) == (1, 2)
    assert "Prima copia, gratuita." in read(first_files["index.html"]).text
    assert "Copia n. 2" in read(second_files["index.html"]).text


async def test_a_pack_that_is_waited_for_is_the_answer_to_asking_again(session: AsyncSession) -> None:
    marta = await make_customer(session)
    request = await make_request(session, marta.id, identity=KNOWN)

    packs = [await service.ask_for_pack(session, request.id, language=None, actor=OFFICER) for _ in range(2)]

    assert packs[0].id == packs[1].id


async def test_only_access_and_portability_are_answered_with_a_pack(session: AsyncSession) -> None:
    marta = await make_customer(session)
    request = await make_request(session, marta.id, kind=RequestKind.RECTIFICATION, identity=KNOWN)

    with pytest.raises(PackNotAsked):
        await service.ask_for_pack(session, request.id, language=None, actor=OFFICER)


# ── the run ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def left_in(work: Work) -> list[str]:
    return sorted(path.name for path in folder_of(work.settings).iterdir())


async def test_building_twice_leaves_one_file(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    pack = await ask(session, await make_marta(session))
    await build(session, work, pack)
    made = pack.stored_name

    await jobs.build_pack(work, {"pack_id": str(pack.id)})

    await session.refresh(pack)
    assert pack.stored_name == made
    assert left_in(work) == [made]


async def test_a_run_that_was_killed_leaves_nothing_the_next_one_does_not_clear(
    session: AsyncSession, work: Work
) -> None:
    await make_desk(session, work.settings)
    pack = await ask(session, await make_marta(session))
    await session.commit()
    async with work.session() as other:
        dead = await claim_pack(other, pack.id)
        assert dead is not None
        dead_run = dead.run_id
    (folder_of(work.settings) / f"{pack.id}.{dead_run}.part").mkdir(parents=True)
    (folder_of(work.settings) / f"{pack.id}.{dead_run}.zip.part").touch()

    await build(session, work, pack)

    assert left_in(work) == [pack.stored_name]


async def test_a_run_that_was_overtaken_steps_back(
    session: AsyncSession, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_desk(session, work.settings)
    pack = await ask(session, await make_marta(session))
    await session.commit()
    layout = building._lay_out

    async def overtaken(*values: Any) -> None:
        await layout(*values)
        async with work.session() as other:
            await claim_pack(other, pack.id)

    monkeypatch.setattr(building, "_lay_out", overtaken)
    await building.build(work, pack.id)
    await session.refresh(pack)

    assert pack.state == PackState.RUNNING
    assert left_in(work) == []


async def test_c_28_after_seven_days_the_file_is_gone_and_the_row_stays(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    pack = await ask(session, await make_marta(session))
    await build(session, work, pack)

    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        for _ in range(2):
            await jobs.expire_packs(work, {})

    await session.refresh(pack)
    assert (pack.state, pack.stored_name) == (PackState.EXPIRED, None)
    assert left_in(work) == []
    with pytest.raises(PackExpired):
        await service.fetch_pack(session, pack.id, work.settings, actor=OFFICER)


async def test_c_24_an_erasure_takes_the_packs_away_at_once(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session)
    pack = await ask(session, marta)
    await build(session, work, pack)

    await jobs.forget_words(work, {"customer_ids": [str(marta.id)]})

    assert left_in(work) == []


async def test_c_24_a_pack_in_the_making_is_not_handed_over_after_the_erasure(
    session: AsyncSession, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session)
    pack = await ask(session, marta)
    waiting = await ask(session, marta, kind=RequestKind.PORTABILITY)
    await session.commit()
    layout = building._lay_out

    async def erased_meanwhile(*values: Any) -> None:
        await layout(*values)
        async with work.session() as other:
            await erasures.erase_customer(other, customer_id=marta.id, actor=OFFICER)
        await jobs.forget_words(work, {"customer_ids": [str(marta.id)]})

    monkeypatch.setattr(building, "_lay_out", erased_meanwhile)
    await building.build(work, pack.id)
    await building.build(work, waiting.id)

    for each in (pack, waiting):
        await session.refresh(each)
        assert (each.state, each.stored_name) == (PackState.EXPIRED, None)
    assert left_in(work) == []


async def test_c_28_a_pack_of_two_cards_is_nobodys_once_they_part(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    marta, other = (
        await make_marta(session),
        await make_customer(session, given_name="Altra", email="altra@example.com"),
    )
    merged = await merge(session, winner_id=marta.id, loser_id=other.id, actor=OFFICER)
    pack = await ask(session, marta)
    await build(session, work, pack)

    await unmerge(session, merged.id, actor=OFFICER)

    await session.refresh(pack)
    with pytest.raises(PackExpired):
        await service.fetch_pack(session, pack.id, work.settings, actor=OFFICER)


async def make_regular(session: AsyncSession, visits: int) -> UUID:
    """Make somebody who came often, straight into the tables."""
    customer = await make_customer(session, given_name="Rosa", family_name="Assidua", email="rosa@example.com")
    first = await make_transaction(session, customer, a_line("bread", "3.20"))
    connection = await session.connection()
    for statement in _repeat(visits):
        await connection.exec_driver_sql(statement, (first.id,))
    await session.commit()
    return customer.id


def _repeat(visits: int) -> Iterator[str]:
    yield f"""
        with one as (select * from transactions where id = $1), made as (
            select one.*, n, gen_random_uuid() as new_id from one, generate_series(1, {visits}) n
        ), whole as (
            select (jsonb_populate_record(null::transactions, to_jsonb(made) || jsonb_build_object(
                'id', new_id, 'external_id', 'again-' || n, 'occurred_at', occurred_at + n * interval '1 hour'))).*
            from made
        ) insert into transactions select * from whole
    """
    yield """
        insert into transaction_lines
        select (jsonb_populate_record(null::transaction_lines, to_jsonb(l) || jsonb_build_object(
            'id', gen_random_uuid(), 'transaction_id', t.id, 'line_no', k))).*
        from transaction_lines l, transactions t, generate_series(1, 5) k
        where l.transaction_id = $1 and t.customer_id = l.customer_id and t.id <> l.transaction_id
    """


async def test_c_28_a_past_of_two_thousand_purchases_is_built_in_bounded_memory(
    session: AsyncSession, work: Work
) -> None:
    await make_desk(session, work.settings)
    customer_id = await make_regular(session, 2_000)
    request = await make_request(session, customer_id, identity=KNOWN)
    pack = await service.ask_for_pack(session, request.id, language=None, actor=OFFICER)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    files = await build(session, work, pack)

    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert pack.sections["purchases"] == 2_001
    assert pack.sections["purchase_lines"] == 10_001
    assert files["csv/purchase_lines.csv"].count(b"\n") == 10_002
    assert "10001" in read(files["index.html"]).text
    assert grown < 150, f"{grown:.0f} MB"


async def test_the_packs_of_a_request_are_listed_newest_first(session: AsyncSession, work: Work) -> None:
    await make_desk(session, work.settings)
    marta = await make_marta(session)
    request = await make_request(session, marta.id, identity=KNOWN)
    first = await service.ask_for_pack(session, request.id, language="it", actor=OFFICER)
    second = await service.ask_for_pack(session, request.id, language="en", actor=OFFICER)

    assert [pack.id for pack in await queries.packs_of(session, request.id)] == [second.id, first.id]
