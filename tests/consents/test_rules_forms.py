"""A form asks freely and separately, in the words of the notice in force, or it is not published (C-05)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from ritorno.consents.rules import Box, Channel, Fault, FormFault, Purpose, Quoted, lint, newest_in_force

TEXTS = {"it": "Acconsento.", "en": "I agree."}
NOTICES = {
    "offers@1": Quoted(Purpose.MKT_OWN, None, is_in_force=False, texts=TEXTS),
    "offers@2": Quoted(Purpose.MKT_OWN, None, is_in_force=True, texts=TEXTS),
    "purchases@1": Quoted(Purpose.PROFILING, None, is_in_force=True, texts={"it": "Acconsento."}),
    "partners@1": Quoted(Purpose.THIRD_PARTY, None, is_in_force=True, texts=TEXTS),
    "florist@1": Quoted(Purpose.THIRD_PARTY, UUID(int=1), is_in_force=True, texts=TEXTS),
}
GOOD = Box("offers", "offers@2", [Purpose.MKT_OWN], [Channel.EMAIL, Channel.SMS])


def faults(*boxes: Box, languages: tuple[str, ...] = ("it", "en")) -> list[Fault]:
    return lint(boxes, languages, NOTICES)


def test_c_05_one_unticked_optional_box_for_each_purpose_may_be_published() -> None:
    florist = Box("florist", "florist@1", [Purpose.THIRD_PARTY])

    assert faults(GOOD, florist) == []


@pytest.mark.parametrize(
    ("change", "path", "fault"),
    [
        ({"purposes": [Purpose.MKT_OWN, Purpose.PROFILING]}, "purposes", FormFault.BUNDLED_CONSENT),
        ({"is_preticked": True}, "is_preticked", FormFault.PRETICKED),
        ({"is_required": True}, "is_required", FormFault.MADE_A_CONDITION),
        ({"texts": {"it": "Sì a tutto."}}, "texts", FormFault.OTHER_TEXT),
        ({"notice": "offers@1"}, "notice", FormFault.NOTICE_NOT_IN_FORCE),
        ({"notice": "nowhere@1"}, "notice", FormFault.NOTICE_UNKNOWN),
        ({"notice": "florist@1"}, "notice", FormFault.OTHER_PURPOSE),
        ({"channels": []}, "channels", FormFault.CHANNEL_MISSING),
        (
            {"notice": "florist@1", "purposes": [Purpose.THIRD_PARTY]},
            "channels",
            FormFault.CHANNEL_NOT_TAKEN,
        ),
        (
            {"notice": "partners@1", "purposes": [Purpose.THIRD_PARTY], "channels": []},
            "notice",
            FormFault.RECIPIENT_MISSING,
        ),
        (
            {"notice": "purchases@1", "purposes": [Purpose.PROFILING], "channels": []},
            "notice",
            FormFault.LANGUAGE_MISSING,
        ),
    ],
)
def test_b_10_whatever_is_not_a_free_choice_is_named_with_its_place(
    change: dict[str, Any], path: str, fault: FormFault
) -> None:
    assert faults(GOOD._replace(name="first"), GOOD._replace(**change)) == [Fault(f"boxes.1.{path}", fault)]


def test_boxes_have_names_of_their_own_and_there_is_one_at_least() -> None:
    assert faults(GOOD, GOOD) == [Fault("boxes.1.name", FormFault.SAME_NAME)]
    assert faults() == [Fault("boxes", FormFault.NO_BOX)]


def test_the_version_in_force_is_the_newest_that_has_begun() -> None:
    begins = {
        1: datetime(2026, 1, 1, tzinfo=UTC),
        2: datetime(2026, 6, 1, tzinfo=UTC),
        3: datetime(2027, 1, 1, tzinfo=UTC),
    }

    assert newest_in_force(begins, datetime(2026, 11, 24, tzinfo=UTC)) == 2
    assert newest_in_force(begins, datetime(2025, 1, 1, tzinfo=UTC)) is None
