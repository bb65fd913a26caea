"""The fold of the ledger, and what proves a yes."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from ritorno.consents.rules import (
    Action,
    Channel,
    Entry,
    Method,
    Party,
    Proof,
    Purpose,
    Reason,
    Standing,
    action_to_record,
    fold,
    is_proven,
    refuse_minor,
)
from tests.factories.gate import (
    PACK,
)


def entry(action: Action, day: int, *, proven: bool = True, party: Party = Party.STAFF) -> Entry:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return Entry(uuid4(), Purpose.MKT_OWN, Channel.EMAIL, action, moment, proven, Method.POS_PAPER, party)


def standing(*entries: Entry) -> Standing | None:
    found = fold(entries).get((Purpose.MKT_OWN, Channel.EMAIL))
    return found.standing if found else None


def test_the_moment_counts_and_not_the_order_of_arrival() -> None:
    """C-10."""
    assert standing(entry(Action.WITHDRAW, 130), entry(Action.GRANT, 62)) is Standing.WITHDRAWN
    assert standing(entry(Action.GRANT, 131), entry(Action.WITHDRAW, 130)) is Standing.GRANTED


def test_on_a_tie_the_most_restrictive_wins() -> None:
    for no, expected in ((Action.WITHDRAW, Standing.WITHDRAWN), (Action.OBJECT, Standing.OBJECTED)):
        assert standing(entry(no, 1), entry(Action.GRANT, 1)) is expected
        assert standing(entry(Action.GRANT, 1), entry(no, 1)) is expected


def test_a_no_gives_way_only_to_a_proven_yes() -> None:
    """B-52, B-06, C-16: an unproven yes, a pending one, an expiry or an import after an objection change nothing."""
    objected = entry(Action.OBJECT, 1)

    assert standing(objected, entry(Action.GRANT, 2, proven=False)) is Standing.OBJECTED
    assert standing(objected, entry(Action.GRANT_PENDING, 2)) is Standing.OBJECTED
    assert standing(objected, entry(Action.EXPIRE, 2)) is Standing.OBJECTED
    assert standing(objected, entry(Action.GRANT, 2, party=Party.IMPORT)) is Standing.OBJECTED
    assert standing(objected, entry(Action.GRANT, 2, party=Party.SUBJECT)) is Standing.GRANTED


def test_a_yes_proves_itself_by_text_and_evidence() -> None:
    """C-11, C-13, B-06, B-09."""
    assert is_proven(Action.GRANT, Method.POS_PAPER, Proof(True, 1, 0))
    assert not is_proven(Action.GRANT, Method.POS_PAPER, Proof(True, 0, 1))
    assert not is_proven(Action.GRANT, Method.POS_PAPER, Proof(False, 1, 0))
    assert not is_proven(Action.GRANT, Method.IMPORT, Proof(True, 0, 0))
    assert is_proven(Action.GRANT, Method.API, Proof(True, 0, 1))
    assert not is_proven(Action.GRANT, Method.ORAL, Proof(True, 1, 1))
    assert is_proven(Action.DENY, Method.ORAL, Proof(False, 0, 0))


def test_a_yes_on_the_web_waits_for_its_confirmation() -> None:
    """C-12."""
    assert action_to_record(Action.GRANT, Method.WEB) is Action.GRANT_PENDING
    assert action_to_record(Action.GRANT, Method.POS_TABLET) is Action.GRANT
    assert action_to_record(Action.WITHDRAW, Method.WEB) is Action.WITHDRAW


def test_what_a_minor_may_say_yes_to() -> None:
    """B-19, C-17."""
    ages = PACK.ages
    assert refuse_minor(Purpose.MKT_OWN, Method.WEB, Party.SUBJECT, age=13, ages=ages) is Reason.MINOR
    assert refuse_minor(Purpose.MKT_OWN, Method.POS_PAPER, Party.PARENT, age=13, ages=ages) is None
    assert refuse_minor(Purpose.MKT_OWN, Method.WEB, Party.SUBJECT, age=14, ages=ages) is None
    assert refuse_minor(Purpose.MKT_OWN, Method.POS_PAPER, Party.STAFF, age=14, ages=ages) is Reason.MINOR
    assert refuse_minor(Purpose.PROFILING, Method.WEB, Party.SUBJECT, age=17, ages=ages) is Reason.MINOR
    assert refuse_minor(Purpose.MKT_OWN, Method.POS_PAPER, Party.STAFF, age=None, ages=ages) is None


thorough = settings(max_examples=60, deadline=None)
_entries = st.builds(
    entry,
    st.sampled_from(Action),
    st.integers(0, 20),
    proven=st.booleans(),
    party=st.sampled_from(Party),
)


@thorough
@given(st.lists(_entries, max_size=12))
def test_the_order_of_arrival_never_matters(entries: list[Entry]) -> None:
    assert standing(*entries) is standing(*reversed(entries)) is standing(*sorted(entries))


@thorough
@given(st.lists(_entries, max_size=12), st.integers(0, 20), st.sampled_from([Action.WITHDRAW, Action.OBJECT]))
def test_a_no_on_top_always_stands(entries: list[Entry], day: int, no: Action) -> None:
    earlier = [each for each in entries if each.occurred_at <= entry(no, day).occurred_at]

    assert standing(*earlier, entry(no, day)) in {Standing.WITHDRAWN, Standing.OBJECTED}
