"""How a touch is measured: the vectors of X-07 and X-08, arms (X-06), the split check (X-12) and the verdict (X-11)."""

import random
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.touches import rules
from ritorno.touches.rules import Difference, Verdict

TENTH = Decimal("0.10")


@pytest.mark.parametrize(
    ("treated", "control", "expected"),
    [
        ((56, 70), (48, 80), (0.2000, 0.0524, 0.3339)),
        ((300, 10_000), (250, 10_000), (0.0050, 0.0005, 0.0096)),
    ],
)
def test_newcombe_gives_the_published_intervals(
    treated: tuple[int, int], control: tuple[int, int], expected: tuple[float, float, float]
) -> None:
    found = rules.newcombe(*treated, *control)

    assert found is not None
    assert (found.estimate, found.low, found.high) == pytest.approx(expected, abs=5e-5)


def test_nobody_of_ten_still_leaves_room_for_a_quarter() -> None:
    found = rules.wilson(0, 10)

    assert found.low == 0.0
    assert found.high == pytest.approx(0.2775, abs=5e-5)


def test_an_arm_without_people_has_no_difference() -> None:
    assert rules.newcombe(0, 0, 3, 10) is None
    assert rules.wilson(0, 0) == rules.Interval(0.0, 1.0)


def test_the_size_of_a_test_is_the_published_one() -> None:
    assert rules.control_needed(0.03, 0.035, 0.5) == 19_743
    assert rules.people_needed(0.03, 0.035, 0.10) == 112_195
    assert rules.control_needed(0.03, 0.035, 0.10) == 11_220


@pytest.mark.parametrize(("base", "expected", "share"), [(0.1, 0.1, 0.1), (0.1, 0.2, 0.0), (0.99, 1.02, 0.1)])
def test_no_size_is_given_for_a_test_that_cannot_be(base: float, expected: float, share: float) -> None:
    assert rules.people_needed(base, expected, share) is None


@given(st.integers(200, 2_000_000), st.floats(0.001, 0.8), st.sampled_from([0.05, 0.1, 0.2, 0.5]))
def test_the_detectable_difference_is_what_the_size_formula_says(people: int, base: float, share: float) -> None:
    found = rules.detectable_difference(people, base, share)

    if found is not None:
        needed = rules.people_needed(base, min(base + found, 1.0), share)
        assert needed is not None
        assert needed <= people
        if base + found * 0.99 > base:
            harder = rules.people_needed(base, base + found * 0.99, share)
            assert harder is not None
            assert harder >= people


def test_a_handful_of_people_can_show_nothing() -> None:
    assert rules.detectable_difference(5, 0.1, 0.1) is None
    assert rules.detectable_difference(1_000, 1.0, 0.1) is None


def test_a_person_keeps_their_arm_and_another_salt_draws_again() -> None:
    people = [uuid4() for _ in range(2_000)]

    first = [rules.is_control("autumn", person, TENTH) for person in people]

    assert first == [rules.is_control("autumn", person, TENTH) for person in people]
    assert first != [rules.is_control("winter", person, TENTH) for person in people]


def test_the_arms_hold_the_share_that_was_asked() -> None:
    draw = random.Random(7)
    people = [UUID(int=draw.getrandbits(128)) for _ in range(20_000)]

    held = sum(rules.is_control("autumn", person, TENTH) for person in people)

    p = rules.split_p(len(people) - held, held, 0.10)
    assert p is not None
    assert p > 0.01


def test_the_assignment_is_frozen_for_ever() -> None:
    person = UUID("01890a5d-ac96-774b-bcce-b302099a8057")

    held = [number for number in range(12) if rules.is_control(f"salt-{number}", person, Decimal("0.5"))]

    assert held == [0, 2, 5, 6, 8, 9, 10, 11]


@given(st.uuids(), st.text(max_size=20))
def test_no_share_holds_nobody_and_a_full_one_everybody(person: UUID, salt: str) -> None:
    assert not rules.is_control(salt, person, Decimal(0))
    assert rules.is_control(salt, person, Decimal(1))


@given(st.uuids(), st.decimals(0, 1, places=4), st.decimals(0, 1, places=4))
def test_a_larger_share_only_adds_people_to_the_control(person: UUID, one: Decimal, two: Decimal) -> None:
    small, large = sorted((one, two))

    if rules.is_control("autumn", person, small):
        assert rules.is_control("autumn", person, large)


@pytest.mark.parametrize(
    ("treated", "control", "is_invalid"), [(9_000, 1_000, False), (9_050, 950, False), (9_150, 850, True)]
)
def test_a_split_that_chance_does_not_make_is_found(treated: int, control: int, is_invalid: bool) -> None:
    p = rules.split_p(treated, control, 0.10)

    assert p is not None
    assert (p < rules.SRM_BELOW) is is_invalid


def test_the_split_check_is_a_chi_square_of_one_degree() -> None:
    assert rules.split_p(9_100, 900, 0.10) == pytest.approx(0.00085812, abs=5e-7)
    assert rules.split_p(0, 0, 0.10) is None
    assert rules.split_p(10, 0, 0.0) is None


RISE = Difference(0.03, 0.01, 0.05)
FALL = Difference(-0.03, -0.05, -0.01)
EITHER = Difference(0.01, -0.01, 0.03)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, Verdict.WORKED),
        ({"difference": FALL}, Verdict.HARMED),
        ({"difference": EITHER}, Verdict.NONE),
        ({"difference": None}, Verdict.MORE),
        ({"is_closed": False}, Verdict.MORE),
        ({"people": 999}, Verdict.MORE),
        ({"needed": None}, Verdict.MORE),
        ({"srm_p": 0.0009}, Verdict.INVALID),
        ({"srm_p": 0.0009, "is_closed": False}, Verdict.INVALID),
        ({"control_share": 0.0}, Verdict.OFF),
    ],
)
def test_the_verdict_says_only_what_was_shown(change: dict[str, object], expected: Verdict) -> None:
    told: dict[str, object] = {
        "control_share": 0.1,
        "srm_p": 0.4,
        "is_closed": True,
        "people": 1_000,
        "needed": 1_000,
        "difference": RISE,
    }

    assert rules.verdict_of(**(told | change)) is expected  # type: ignore[arg-type]


def test_no_figure_is_shown_about_fewer_than_ten_people() -> None:
    assert rules.is_small_cell(9)
    assert not rules.is_small_cell(10)


@given(st.integers(1, 5_000), st.data())
def test_an_interval_always_holds_its_rate(people: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, people))

    found = rules.wilson(successes, people)

    assert 0 <= found.low <= successes / people <= found.high <= 1


def test_false_alarms_of_the_interval_stay_near_one_in_twenty() -> None:
    draw = random.Random(20_261_121)
    alarms, runs = 0, 400

    for _ in range(runs):
        treated = sum(draw.random() < 0.15 for _ in range(900))
        control = sum(draw.random() < 0.15 for _ in range(100))
        found = rules.newcombe(treated, 900, control, 100)
        alarms += found is not None and found.excludes_zero

    assert alarms / runs <= 0.08
