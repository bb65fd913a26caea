"""The clock of a breach, and the tool a transfer needs."""

from datetime import UTC, datetime, timedelta

from ritorno.accountability.rulepack import values_on
from ritorno.accountability.rules import (
    Incident,
    Notification,
    ProcessingSide,
    Risk,
    TransferTool,
    alerts_due,
    due_at,
    is_waiting,
    may_stay_silent,
    must_tell_people,
    tool_fits,
)

AWARE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
VALUES = values_on(AWARE.date())
BREACH = VALUES.breach


def incident(**more: object) -> Incident:
    plain = {
        "side": ProcessingSide.CONTROLLER,
        "became_aware_at": AWARE,
        "risk": None,
        "decision": Notification.UNDECIDED,
        "notified_at": None,
        "people_told_at": None,
        "closed_at": None,
    }
    return Incident(**{**plain, **more})  # type: ignore[arg-type]


def test_c_32_the_authority_is_told_within_72_hours_and_a_controller_within_24() -> None:
    assert due_at(incident(), BREACH) == AWARE + timedelta(hours=72)
    assert due_at(incident(side=ProcessingSide.PROCESSOR), BREACH) == AWARE + timedelta(hours=24)


def test_c_32_alerts_come_before_the_time_is_over_and_once_more_when_it_is() -> None:
    assert alerts_due(incident(), BREACH, AWARE + timedelta(hours=23)) == []
    assert alerts_due(incident(), BREACH, AWARE + timedelta(hours=24)) == [48]
    assert alerts_due(incident(), BREACH, AWARE + timedelta(hours=67)) == [48, 24, 6]
    assert alerts_due(incident(), BREACH, AWARE + timedelta(hours=72)) == [48, 24, 6, 0]


def test_c_32_the_clock_stops_when_somebody_was_told_or_decided_that_nobody_must_be() -> None:
    told = incident(notified_at=AWARE)
    silent = incident(decision=Notification.NOT_NOTIFY, risk=Risk.UNLIKELY)

    assert [is_waiting(each) for each in (incident(), told, silent)] == [True, False, False]
    assert alerts_due(told, BREACH, AWARE + timedelta(days=9)) == []


def test_c_32_only_an_unlikely_risk_may_stay_untold_and_a_high_one_is_told_to_people() -> None:
    assert [may_stay_silent(risk, BREACH) for risk in Risk] == [True, False, False]
    assert [must_tell_people(incident(risk=risk)) for risk in Risk] == [False, False, True]
    assert not must_tell_people(incident(risk=Risk.HIGH, people_told_at=AWARE))


def test_c_36_outside_the_eea_a_transfer_needs_a_tool_and_inside_none() -> None:
    assert tool_fits("IE", TransferTool.IN_EEA, VALUES.eea)
    assert not tool_fits("IE", TransferTool.SCC, VALUES.eea)
    assert tool_fits("US", TransferTool.DPF, VALUES.eea)
    assert not tool_fits("US", TransferTool.IN_EEA, VALUES.eea)
