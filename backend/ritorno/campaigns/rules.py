"""The life of a campaign, as plain functions of plain values."""

from enum import StrEnum


class CampaignState(StrEnum):
    """`draft → scheduled → sending ⇄ paused → done | cancelled` (DESIGN §6)."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What can be done to a campaign."""

    EDIT = "edit"
    REMOVE = "remove"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    LAUNCH = "launch"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    FINISH = "finish"
    SEND_AGAIN = "send_again"


_NEXT: dict[tuple[CampaignState, Act], CampaignState] = {
    (CampaignState.DRAFT, Act.EDIT): CampaignState.DRAFT,
    # What is being sent goes on from the snapshot in its touch; the edit makes a new version (B-27).
    (CampaignState.SENDING, Act.EDIT): CampaignState.SENDING,
    (CampaignState.PAUSED, Act.EDIT): CampaignState.PAUSED,
    (CampaignState.DRAFT, Act.REMOVE): CampaignState.CANCELLED,
    (CampaignState.DRAFT, Act.SCHEDULE): CampaignState.SCHEDULED,
    (CampaignState.SCHEDULED, Act.SCHEDULE): CampaignState.SCHEDULED,
    (CampaignState.SCHEDULED, Act.UNSCHEDULE): CampaignState.DRAFT,
    (CampaignState.DRAFT, Act.LAUNCH): CampaignState.SENDING,
    (CampaignState.SCHEDULED, Act.LAUNCH): CampaignState.SENDING,
    (CampaignState.SENDING, Act.PAUSE): CampaignState.PAUSED,
    (CampaignState.PAUSED, Act.RESUME): CampaignState.SENDING,
    (CampaignState.SCHEDULED, Act.CANCEL): CampaignState.CANCELLED,
    (CampaignState.SENDING, Act.CANCEL): CampaignState.CANCELLED,
    (CampaignState.PAUSED, Act.CANCEL): CampaignState.CANCELLED,
    (CampaignState.SENDING, Act.FINISH): CampaignState.DONE,
    (CampaignState.SENDING, Act.SEND_AGAIN): CampaignState.SENDING,
    (CampaignState.DONE, Act.SEND_AGAIN): CampaignState.SENDING,
}


def after(state: CampaignState, act: Act) -> CampaignState | None:
    """Return the state an act leads to, or None where the state forbids it."""
    return _NEXT.get((state, act))


STEP_UP_ABOVE = 50
"""People above whom a launch needs a fresh proof of who is launching (S-13, UX §4.7)."""


def needs_step_up(people: int) -> bool:
    """Return whether a launch to this many people needs step-up."""
    return people > STEP_UP_ABOVE
