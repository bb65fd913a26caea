"""The life of a campaign."""

import pytest

from ritorno.campaigns.rules import Act, CampaignState, after, needs_step_up


def test_a_campaign_goes_from_draft_to_done_and_may_pause_on_the_way() -> None:
    state: CampaignState | None = CampaignState.DRAFT

    for act in (Act.SCHEDULE, Act.LAUNCH, Act.PAUSE, Act.RESUME, Act.FINISH):
        assert state is not None
        state = after(state, act)

    assert state is CampaignState.DONE


@pytest.mark.parametrize("state", [CampaignState.DONE, CampaignState.CANCELLED])
def test_what_is_over_stays_over(state: CampaignState) -> None:
    further = {Act.SEND_AGAIN} if state is CampaignState.DONE else set()
    assert {act for act in Act if after(state, act) is not None} == further


def test_nothing_is_launched_twice() -> None:
    launched = [state for state in CampaignState if after(state, Act.LAUNCH)]

    assert launched == [CampaignState.DRAFT, CampaignState.SCHEDULED]


def test_a_paused_campaign_is_never_finished_behind_somebodys_back() -> None:
    assert after(CampaignState.PAUSED, Act.FINISH) is None


def test_an_edit_while_sending_changes_no_state() -> None:
    """B-27: the snapshot goes on, the edit makes a new version."""
    assert after(CampaignState.SENDING, Act.EDIT) is CampaignState.SENDING


def test_more_than_fifty_recipients_need_a_fresh_proof_of_who_asks() -> None:
    assert not needs_step_up(50)
    assert needs_step_up(51)
