"""The same walk through the gates, told step by step for whoever asks why (D-09)."""

from datetime import datetime
from typing import NamedTuple

from ritorno.consents.rules import timing
from ritorno.consents.rules.answers import Finding
from ritorno.consents.rules.facts import Ask, Decision, Fact, Facts
from ritorno.consents.rules.gate import about_contact, decide
from ritorno.consents.rules.gates import gates_of, judge_blindly
from ritorno.consents.rules.terms import Channel, Passage, Purpose, ServiceKind, Verdict

GATES = (
    "G1", "G2", "G3", "G4", "G5", "G6", "G7", "G8", "G9", "G10", "G11", "G12", "C-18", "D-S2", "G13", "G14", "D-11",
    "G15", "G16",
)  # fmt: skip
"""Every gate in the order in which it is passed; each question is told what all of them had to say."""


class Step(NamedTuple):
    """What one gate did with the question, and the finding it rests on."""

    gate: str
    passage: Passage
    found: Finding | None = None


class Explanation(NamedTuple):
    """The answer, and how it came about."""

    decision: Decision
    steps: tuple[Step, ...]


def explain(facts: Facts, ask: Ask, at: datetime) -> Explanation:
    """Return the gate's answer with what every gate found; the answer is that of `decide`, never another."""
    decision = decide(facts, ask, at)
    own = about_contact(facts, ask)
    found: dict[str, Finding | None] = {}
    for gate in gates_of(ask).table:
        judge = gate.judge if facts.unavailable.isdisjoint(gate.reads) else judge_blindly
        found[gate.rule_id] = judge(own, ask, at)
    if _is_shared(facts, ask):
        found["D-11"] = _of(decision) if decision.rule_id == "D-11" else None
    found |= _waits(own, ask, at)
    steps = [_step(gate, found) for gate in GATES]
    if any(step.passage is Passage.DENIED for step in steps) and found.get("G12") is None:
        # The refusal that closes the door is G9 or G10; which basis there might have been is not looked for (C-04).
        steps = [step._replace(passage=Passage.NOT_ASKED) if step.gate == "G12" else step for step in steps]
    return Explanation(decision, tuple(steps))


_PASSAGES = {
    Verdict.ALLOW: Passage.PASSED,
    Verdict.DENY: Passage.DENIED,
    Verdict.DEFER: Passage.DEFERRED,
    Verdict.REVIEW: Passage.REVIEW,
}


def _step(gate: str, found: dict[str, Finding | None]) -> Step:
    if gate not in found:
        return Step(gate, Passage.NOT_ASKED)
    finding = found[gate]
    return Step(gate, _PASSAGES[finding.verdict] if finding is not None else Passage.PASSED, finding)


def _is_shared(facts: Facts, ask: Ask) -> bool:
    contact = facts.contacts.get(ask.channel) if ask.channel is not None and ask.is_marketing else None
    return contact is not None and bool(contact.shared_with)


def _of(decision: Decision) -> Finding:
    return Finding(
        decision.verdict, decision.reason, decision.rule_id, decision.evidence, decision.basis, decision.since,
        decision.until, decision.sent_count, decision.days,
    )  # fmt: skip


def _waits(facts: Facts, ask: Ask, at: datetime) -> dict[str, Finding | None]:
    """Return what the two gates that postpone would say, each by itself."""
    channel = ask.channel
    if channel is None or ask.purpose is Purpose.LEGAL_SAFETY or ask.service_kind is ServiceKind.RIGHTS:
        return {}
    if not ask.is_marketing:
        has_hours = channel is Channel.SMS and not ask.is_urgent
        return {"G15": timing.judge_hours(facts, channel, at)} if has_hours else {}
    blind = Fact.MESSAGES in facts.unavailable
    return {
        "G15": timing.judge_hours(facts, channel, at),
        "G16": judge_blindly(facts, ask, at) if blind else timing.judge_cap(facts, channel, at),
    }
