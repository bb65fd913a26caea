"""Files from a terminal and from a watched folder: the same import, with the same undo."""

# ruff: noqa: ASYNC240 - the files of a test are small

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import pytest

from ritorno.imports import command, jobs, queries, service, uploading, watching
from ritorno.imports.errors import FileUnreadable, ImportMappingNotFound, MappingIncomplete
from ritorno.imports.schemas import ColumnMapping, FileFormatIO, ImportOptions, MappingWrite
from ritorno.imports.uploading import adopt, folder_of
from ritorno.kit.background import Work
from ritorno.kit.ids import uuid7
from tests.factories import imports as files
from tests.imports.cards import bring_in, values

PEOPLE = "codice cliente;cognome;nato il\n1;Rossi;03/05/1980\n2;Verdi;04/05/1980\n"


async def keep_mapping(work: Work, name: str = "nightly", content: str = PEOPLE) -> None:
    """Keep what the screen would keep after somebody mapped a file with these headers."""
    headers = content.splitlines()[0].split(";")
    fields = {"codice cliente": "external_id", "cognome": "family_name", "nato il": "birth_on"}
    async with work.session() as session:
        body = MappingWrite(
            kind="customers",  # type: ignore[arg-type]
            source="till",
            format=FileFormatIO(kind="csv", delimiter=";"),
            columns=[
                ColumnMapping(index=index, name=header, field=fields[header],
                              date_format="DD/MM/YYYY" if header == "nato il" else None)
                for index, header in enumerate(headers)
            ],
            options=ImportOptions(),
        )  # fmt: skip
        await service.put_mapping(session, name, body, actor=files.STAFF)


# ── ritorno import ────────────────────────────────────────────────────────────────────────────────────────────────────


async def brought(work: Work, file: Path, *, mapping: str | None = "nightly", only_rehearse: bool = False) -> list[str]:
    said: list[str] = []
    await command.bring_in(work, file, mapping=mapping, only_rehearse=only_rehearse, say=said.append)
    return said


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clienti.csv"
    path.write_text(PEOPLE)
    return path


async def test_a_file_is_applied_under_a_kept_mapping_and_the_counts_are_said(shop: Work, file: Path) -> None:
    await keep_mapping(shop)

    said = await brought(shop, file)

    assert said[-1] == "Done: 2 created."
    assert await values(shop, "select source, value from identifiers order by 2") == [("till", "1"), ("till", "2")]
    assert await values(shop, "select state, created_by from imports") == [("applied", "tests")]


async def test_a_rehearsal_from_a_terminal_changes_nothing(shop: Work, file: Path) -> None:
    await keep_mapping(shop)

    said = await brought(shop, file, only_rehearse=True)

    assert said[-1] == "It would be: 2 created."
    assert await values(shop, "select count(*) from customers") == [0]


async def test_a_file_that_was_applied_before_is_said_to_be_so(shop: Work, file: Path) -> None:
    await keep_mapping(shop)
    await brought(shop, file)

    said = await brought(shop, file)

    assert said[0] == "This very file was applied before; every row should be unchanged."
    assert said[-1] == "Done: 2 unchanged."


async def test_a_mapping_that_nobody_kept_leaves_neither_an_import_nor_a_file(shop: Work, file: Path) -> None:
    with pytest.raises(ImportMappingNotFound):
        await brought(shop, file, mapping="nobody's")

    assert await values(shop, "select count(*) from imports") == [0]
    assert list(folder_of(shop.settings).iterdir()) == []


async def test_a_file_that_is_no_table_leaves_nothing(shop: Work, file: Path) -> None:
    file.write_bytes(b"%PDF-1.7")

    with pytest.raises(FileUnreadable):
        await brought(shop, file)

    assert list(folder_of(shop.settings).iterdir()) == []


async def test_without_a_mapping_each_fault_is_said(shop: Work, file: Path) -> None:
    file.write_text(PEOPLE.replace("cognome", "cosa").replace("codice cliente", "boh").replace("nato il", "nascita"))

    said: list[str] = []
    with pytest.raises(MappingIncomplete):
        await command.bring_in(shop, file, mapping=None, only_rehearse=False, say=said.append)

    assert "nascita: date-format-missing (birth_on)" in said
    assert said[-1] == "Map it once on the screen and keep the mapping under a name, then name it here."


async def test_the_command_itself(shop: Work, file: Path) -> None:
    await keep_mapping(shop)
    settings = shop.settings
    environment = {
        **os.environ,
        "RITORNO_DATABASE_URL": settings.database_url,
        "RITORNO_MIGRATION_URL": settings.migration_url or "",
        "RITORNO_REDIS_URL": settings.redis_url,
        "RITORNO_SECRET_KEY": settings.secret_key.get_secret_value(),
        "RITORNO_DATA_DIR": str(settings.data_dir),
    }

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        words = [sys.executable, "-m", "ritorno.cli", "import", str(file), *arguments]
        return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=50, check=False)

    done = await asyncio.to_thread(run, "--mapping", "nightly")
    refused = await asyncio.to_thread(run, "--mapping", "nobody's")

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Done: 2 created."), done.stderr
    assert (refused.returncode, refused.stderr.strip()) == (1, "There is no mapping of that name")


# ── the watched folder ────────────────────────────────────────────────────────────────────────────────────────────────


def drop(work: Work, name: str = "2026-11-24.csv", content: str = PEOPLE, *, age: float = 60) -> Path:
    """Put a file into the watched folder, last written so many seconds ago."""
    path = uploading.drop_folder(work.settings) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    os.utime(path, (time.time() - age,) * 2)
    return path


def lying(work: Work) -> list[str]:
    """Return what lies in the folder, without the moment in front of the names of what ended."""
    folder = uploading.drop_folder(work.settings)
    ended = {"done", "failed"}
    return sorted(
        f"{path.parent.name}/{path.name.split('-', 2)[2]}" if path.parent.name in ended else path.name
        for path in folder.rglob("*")
        if path.is_file()
    )


async def work_off(work: Work) -> None:
    """Do what the watched folder asked the worker for."""
    for import_id in await values(work, "select id from imports where state = 'applying'"):
        await jobs.apply(work, {"import_id": str(import_id)})


async def test_a_file_with_headers_seen_before_is_applied_and_put_away(shop: Work) -> None:
    await keep_mapping(shop)
    drop(shop)

    await watching.watch(shop)
    await work_off(shop)

    assert lying(shop) == ["done/2026-11-24.csv"]
    assert await values(shop, "select state, counts, created_by, file_name from imports") == [
        ("applied", {"created": 2}, "watched folder", "2026-11-24.csv")
    ]


async def test_a_folder_names_the_mapping_of_what_lies_in_it(shop: Work) -> None:
    await keep_mapping(shop, "old till")
    drop(shop, "old till/a.csv", "cognome;codice cliente;altro\nRossi;1;x\n")

    await watching.watch(shop)
    await work_off(shop)

    assert lying(shop) == ["done/a.csv"]
    assert await values(shop, "select value from identifiers") == ["1"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", PEOPLE.replace("cognome", "chi"), "import-mapping-not-found"),
        ("nobody's/a.csv", PEOPLE, "import-mapping-not-found"),
        ("a.csv", "%PDF-1.7", "file-unreadable"),
        ("a.csv", "", "file-unreadable"),
    ],
)
async def test_what_cannot_be_taken_is_put_aside_and_a_person_is_asked(
    shop: Work, name: str, content: str, reason: str
) -> None:
    await keep_mapping(shop)
    drop(shop, name, content)

    await watching.watch(shop)

    assert lying(shop) == ["failed/a.csv"]
    assert await values(shop, "select kind, details ->> 'reason' from tasks") == [("drop_refused", reason)]
    assert await values(shop, "select count(*) from imports") == [0]
    assert list(folder_of(shop.settings).iterdir()) == []


async def test_the_same_file_again_is_put_away_without_an_import(shop: Work) -> None:
    await keep_mapping(shop)
    drop(shop)
    await watching.watch(shop)
    await work_off(shop)
    kept = sorted(folder_of(shop.settings).iterdir())

    drop(shop, "again.csv")
    await watching.watch(shop)

    assert lying(shop) == ["done/2026-11-24.csv", "done/again.csv"]
    assert await values(shop, "select count(*) from imports") == [1]
    assert sorted(folder_of(shop.settings).iterdir()) == kept


async def test_a_file_that_is_still_being_written_or_hidden_is_left_alone(shop: Work) -> None:
    await keep_mapping(shop)
    drop(shop, "growing.csv", age=1)
    drop(shop, ".hidden.csv")

    await watching.watch(shop)

    assert lying(shop) == [".hidden.csv", "growing.csv"]


@pytest.mark.parametrize("age", [60, 10 * watching.ABANDONED], ids=["written now", "written long ago"])
async def test_two_watchers_at_once_take_a_file_once(shop: Work, age: float) -> None:
    await keep_mapping(shop)
    for number in range(3):
        drop(shop, f"{number}.csv", PEOPLE + f"{number + 7};Neri;\n", age=age)

    await asyncio.gather(*(watching.watch(shop) for _ in range(4)))
    await work_off(shop)

    assert lying(shop) == ["done/0.csv", "done/1.csv", "done/2.csv"]
    assert await values(shop, "select count(*) from imports") == [3]
    assert await values(shop, "select count(*) from customers") == [5]


async def test_what_a_killed_watcher_had_taken_is_taken_again(shop: Work) -> None:
    await keep_mapping(shop)
    long_ago = UUID(int=uuid7().int - (int(watching.ABANDONED + 60) * 1000 << 80))
    drop(shop, f".taken-{long_ago}-a.csv")
    drop(shop, f".taken-{uuid7()}-b.csv", PEOPLE + "9;Neri;\n")

    await watching.watch(shop)
    await watching.watch(shop)
    await work_off(shop)

    assert len(lying(shop)) == 2
    assert "done/a.csv" in lying(shop)
    assert await values(shop, "select count(*) from customers") == [2]


async def test_an_import_from_the_folder_is_taken_back_like_any_other(shop: Work) -> None:
    await keep_mapping(shop)
    drop(shop)
    await jobs.watch(shop, {})
    await work_off(shop)
    [import_id] = await values(shop, "select id from imports")

    undone = await files.undo(shop, import_id)

    assert undone.undo == {"removed": 2}
    assert await values(shop, "select count(*) from customers") == [0]


async def test_the_folder_is_empty_or_absent_and_nothing_happens(shop: Work) -> None:
    await watching.watch(shop)

    assert not uploading.drop_folder(shop.settings).exists()


# ── how long files are kept ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_file_is_forgotten_after_three_months_and_what_it_did_is_not(shop: Work) -> None:
    old = await bring_in(shop, [{"external_id": "1", "family_name": "Rossi"}])
    new = await bring_in(shop, [{"external_id": "2", "family_name": "Verdi"}])
    async with shop.session() as session:
        row = await queries.get_import(session, old.id, lock=True)
        row.created_at = row.created_at.replace(year=row.created_at.year - 1)

    for _ in range(2):
        await jobs.forget_files(shop, {})

    assert {path.name.split(".")[0] for path in folder_of(shop.settings).iterdir()} == {str(new.id)}
    assert (await files.undo(shop, old.id)).undo == {"removed": 1}


async def test_a_file_of_this_machine_is_copied_so_that_it_may_go(shop: Work, file: Path) -> None:
    received = await adopt(file, shop.settings)
    file.unlink()

    assert received.path.read_text() == PEOPLE
