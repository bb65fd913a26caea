"""One run that builds a pack: rows are spooled to disk as they are gathered, then laid out for people and machines.

Memory does not grow with the person's past. A run that was killed leaves a folder behind, which the next one throws
away; the one that is no longer the pack's own steps back.
"""

import asyncio
import hashlib
import os
import shutil
import zipfile
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from ritorno.customers.queries import get_customer
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.logging import log
from ritorno.kit.paper import print_pdf
from ritorno.kit.problems import Problem
from ritorno.privacy.packs.gathering import gather
from ritorno.privacy.packs.page import write_page
from ritorno.privacy.packs.paper import paper_values
from ritorno.privacy.packs.spooling import Book, Spool, write_csvs, write_json
from ritorno.privacy.packs.values import Reader
from ritorno.privacy.rules import PackKind
from ritorno.privacy.service.packing import claim_pack, fail_pack, finish_pack, folder_of
from ritorno.stores.queries import get_business


class _Plan(NamedTuple):
    """What a run knows from the beginning."""

    pack_id: UUID
    run_id: UUID
    customer_id: UUID
    kind: PackKind
    book: Book


async def build(work: Work, pack_id: UUID) -> None:
    """Build a pack; nothing to do when it is built already, or gone."""
    plan = await _claim(work, pack_id)
    if plan is None:
        return
    folder = folder_of(work.settings)
    own = folder / f"{pack_id}.{plan.run_id}.part"
    try:
        await asyncio.to_thread(_begin, folder, pack_id, own)
        spool = await _gather(work, plan, own)
        target = folder / f"{pack_id}.{plan.run_id}.zip"
        await _lay_out(plan.book._replace(sections=spool.sections()), own, target)
        await _hand_over(work, plan, target, spool)
    except Exception as error:
        reason = error.title if isinstance(error, Problem) else f"{type(error).__name__} while the pack was built"
        async with work.session() as session:
            is_ours = await fail_pack(session, pack_id, plan.run_id, reason)
        # A Problem, such as a card that was erased meanwhile, is an answer; anything else is the worker's to judge.
        if is_ours and not isinstance(error, Problem):
            raise
    finally:
        await asyncio.to_thread(shutil.rmtree, own, ignore_errors=True)


async def _claim(work: Work, pack_id: UUID) -> _Plan | None:
    async with work.session() as session:
        pack = await claim_pack(session, pack_id)
        if pack is None or pack.run_id is None:
            return None
        customer = await get_customer(session, pack.customer_id)
        business = await get_business(session)
        name = " ".join(part for part in (customer.given_name, customer.family_name) if part)
        reader = Reader(pack.language, business.timezone, business.currency)
        book = Book(
            kind=PackKind(pack.kind),
            name=name,
            shop=business.name,
            address=business.address,
            contact=business.email or business.phone or business.address,
            copy_number=pack.copy_number,
            made_at=clock.now(),
            reader=reader,
        )
        return _Plan(pack.id, pack.run_id, pack.customer_id, book.kind, book)


def _begin(folder: Path, pack_id: UUID, own: Path) -> None:
    """Throw away what earlier runs left and make room for this one; nobody else may read there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in folder.glob(f"{pack_id}.*"):
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
    own.mkdir(mode=0o700)


async def _gather(work: Work, plan: _Plan, own: Path) -> Spool:
    spool = Spool(own / "rows")
    try:
        async with work.session() as session:
            async for section, row in gather(
                session,
                work.settings,
                customer_id=plan.customer_id,
                kind=plan.kind,
                language=plan.book.reader.language,
                at=plan.book.made_at,
            ):
                spool.add(section, row)
    finally:
        spool.close()
    return spool


async def _lay_out(book: Book, own: Path, target: Path) -> None:
    """Write the page, the paper and the tables, and put them into one archive."""
    inside = own / "pack"
    await asyncio.to_thread(_write_files, book, inside)
    paper = await print_pdf("ritorno.privacy.packs", "pack.typ", await asyncio.to_thread(paper_values, book))
    await asyncio.to_thread((inside / "index.pdf").write_bytes, paper)
    await asyncio.to_thread(_archive, inside, target)


def _write_files(book: Book, inside: Path) -> None:
    (inside / "csv").mkdir(parents=True)
    write_csvs(book, inside / "csv")
    with (inside / "data.json").open("wb") as file:
        write_json(book, file)
    with (inside / "index.html").open("w", encoding="utf-8") as page:
        write_page(book, page)


def _archive(inside: Path, target: Path) -> None:
    part = target.with_suffix(".zip.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(each for each in inside.rglob("*") if each.is_file()):
            archive.write(path, path.relative_to(inside))
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.rename(target)


async def _hand_over(work: Work, plan: _Plan, target: Path, spool: Spool) -> None:
    size, sha256 = await asyncio.to_thread(_measure, target)
    async with work.session() as session:
        is_ours = await finish_pack(
            session,
            plan.pack_id,
            plan.run_id,
            stored_name=target.name,
            size=size,
            sha256=sha256,
            sections={section.code: section.size for section in spool.sections()},
            actor=work.actor,
        )
    if not is_ours:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        log.info("privacy_pack.displaced", pack_id=str(plan.pack_id))


def _measure(target: Path) -> tuple[int, str]:
    with target.open("rb") as file:
        return target.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
