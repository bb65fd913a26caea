"""Ids of one process (RFC 9562)."""

from ritorno.kit.ids import uuid7


def test_ids_of_one_process_grow_and_never_repeat() -> None:
    made = [uuid7() for _ in range(20_000)]

    assert made == sorted(set(made))
    assert {each.version for each in made} == {7}
