"""What holds for any file: a rehearsal tells the truth, a second time changes nothing, undoing gives all of it back."""

import pytest
from hypothesis import given

from ritorno.imports.loading import ahead
from ritorno.imports.service import undoing
from ritorno.kit.background import Work
from tests.factories import imports as files
from tests.imports import generated
from tests.imports.cards import bring_in, snapshot
from tests.imports.generated import Policies, Row


@generated.few
@given(shop_rows=generated.rows, rows=generated.rows_with_answers, policies=generated.policies, chunk=generated.chunks)
async def test_a_rehearsal_counts_what_happens(
    shop: Work, shop_rows: list[Row], rows: list[Row], policies: Policies, chunk: int
) -> None:
    await generated.empty(shop)
    await bring_in(shop, shop_rows, source="another-till", rehearses=False)
    await generated.confirm_addresses(shop, "EMAIL")
    import_id = await files.upload(shop, files.a_csv(rows), policies=policies)
    before = await snapshot(shop)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ahead, "CHUNK", chunk)
        rehearsed = await files.rehearse(shop, import_id)
        assert await snapshot(shop) == before
        applied = await files.apply(shop, import_id)

    assert applied.failure is None
    assert applied.counts == rehearsed.rehearsal


@generated.few
@given(rows=generated.keyed_rows(), chunk=generated.chunks)
async def test_any_file_a_second_time_changes_nothing(shop: Work, rows: list[Row], chunk: int) -> None:
    await generated.empty(shop)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ahead, "CHUNK", chunk)
        await bring_in(shop, rows, rehearses=False)
        before = await snapshot(shop)

        again = await bring_in(shop, rows, rehearses=False)

    assert set(again.outcomes) <= {"unchanged", "rejected"}
    assert await snapshot(shop) == before


@generated.few
@given(shop_rows=generated.rows, rows=generated.rows, policies=generated.policies, chunk=generated.chunks)
async def test_undoing_any_file_gives_every_card_back_byte_for_byte(
    shop: Work, shop_rows: list[Row], rows: list[Row], policies: Policies, chunk: int
) -> None:
    await generated.empty(shop)
    await bring_in(shop, shop_rows, source="another-till", rehearses=False)
    await generated.confirm_addresses(shop, "EMAIL")
    before = await snapshot(shop)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ahead, "CHUNK", chunk)
        patched.setattr(undoing, "CHUNK", chunk)
        brought = await bring_in(shop, rows, rehearses=False, policies=policies)

        undone = await files.undo(shop, brought.id)

    assert undone.state == "undone"
    assert undone.undo.get("kept", 0) == 0
    assert await snapshot(shop) == before
