"""E-08, B-33: when a stream is told to wait."""

import pytest

from ritorno.deliverability.rules import Counts, is_refused_by_policy, must_hold
from ritorno.messaging.rules import HoldReason

QUIET = Counts()


@pytest.mark.parametrize(
    ("last_24h", "today", "reason"),
    [
        (Counts(sent=1_000, complained=2), QUIET, HoldReason.COMPLAINTS),
        (Counts(sent=10_000, complained=19), QUIET, None),
        (Counts(sent=10_000, complained=20), QUIET, HoldReason.COMPLAINTS),
        (Counts(sent=999, complained=2), QUIET, None),
        (Counts(sent=1_001, returned=2, complained=2), QUIET, None),
        (QUIET, Counts(sent=1_000, complained=3), HoldReason.COMPLAINTS),
        (QUIET, Counts(sent=100, complained=3), HoldReason.COMPLAINTS),
        (QUIET, Counts(sent=100, complained=1), None),
        (QUIET, Counts(sent=100, complained=2), None),
        (QUIET, Counts(sent=1_001, complained=3), None),
        (QUIET, Counts(complained=3), HoldReason.COMPLAINTS),
        (QUIET, Counts(complained=2), None),
        (Counts(sent=190, bounced=10), QUIET, HoldReason.BOUNCES),
        (Counts(sent=195, returned=5, returned_hard=5, bounced=5), QUIET, HoldReason.BOUNCES),
        (Counts(sent=191, bounced=9), QUIET, None),
        (Counts(sent=100, bounced=90), QUIET, None),
        (Counts(sent=200, returned=50), QUIET, None),
        (QUIET, QUIET, None),
    ],
    ids=[
        *(
            "two in a thousand",
            "19 in ten thousand",
            "20 in ten thousand",
            "too few delivered",
            "bounced are not delivered",
        ),
        *("three in a thousand today", "three today of a small shop", "one of a small shop", "two of a small shop"),
        *(
            "less than three in a thousand",
            "three of nobody knows how many",
            "two of nobody knows how many",
            "five dead in a hundred",
            "dead later count too",
            "fewer dead",
            "too few",
        ),
        *("full mailboxes are not dead", "nothing"),
    ],
)
def test_e_08_complaints_and_dead_addresses_hold_a_stream(
    last_24h: Counts, today: Counts, reason: HoldReason | None
) -> None:
    found = must_hold(last_24h, today)

    assert (found[0] if found else None) == reason


@pytest.mark.parametrize(
    ("last_hour", "is_refused"),
    [
        (Counts(refused=10, refused_by_policy=10), True),
        (Counts(refused=9, refused_by_policy=9), False),
        (Counts(sent=10, refused=10, refused_by_policy=10), True),
        (Counts(sent=11, refused=10, refused_by_policy=10), False),
        (Counts(sent=5_000, refused=60, refused_by_policy=60), False),
    ],
    ids=["all", "too few", "every second", "less than every second", "a few of many"],
)
def test_b_33_one_receiver_that_refuses_our_domain_is_told_from_single_refusals(
    last_hour: Counts, is_refused: bool
) -> None:
    assert is_refused_by_policy(last_hour) is is_refused


def test_a_rate_of_nothing_is_nothing() -> None:
    assert (QUIET.complaint_rate, QUIET.bounce_rate, QUIET.deferral_rate, QUIET.unsubscribe_rate) == (None,) * 4
