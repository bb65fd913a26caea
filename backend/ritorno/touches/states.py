"""What a touch is and how far its planning has come."""

from enum import StrEnum


class TouchKind(StrEnum):
    """What opened the touch."""

    CAMPAIGN = "CAMPAIGN"
    RECALL = "RECALL"


class TouchState(StrEnum):
    """Planning goes from the cursor to the end of the audience; a stopped touch plans and sends nothing more."""

    PLANNING = "planning"
    PLANNED = "planned"
    PAUSED = "paused"
    STOPPED = "stopped"
