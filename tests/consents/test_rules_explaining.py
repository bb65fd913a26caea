"""The gate told step by step: every gate in its order, and never another answer than the gate's own (D-02, D-09)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from ritorno.consents import words
from ritorno.consents.rules import (
    Ask,
    Channel,
    Fact,
    Passage,
    Purpose,
    Reason,
    Sent,
    Standing,
    TemplateClass,
    explain,
)
from ritorno.consents.rules.explaining import GATES, Step
from tests.factories.gate import AT, EMAIL, RECALL, SERVICE, SOFT, ask, consenting, somebody, state

GONE = AT - timedelta(days=1)


def told(steps: tuple[Step, ...]) -> dict[str, Passage]:
    return {step.gate: step.passage for step in steps}


def test_every_gate_is_told_in_order_whatever_is_asked() -> None:
    for question in (ask(), SERVICE, RECALL, Ask(Purpose.PROFILING, None), ask(Channel.PHONE_OPERATOR)):
        assert tuple(step.gate for step in explain(somebody(), question, AT).steps) == GATES


def test_d_02_a_yes_shows_what_was_passed_and_on_which_basis() -> None:
    explained = explain(somebody(soft_optin=SOFT), ask(), AT)
    basis = next(step.found for step in explained.steps if step.gate == "G12")

    assert explained.decision.is_allowed
    assert set(told(explained.steps).values()) == {Passage.PASSED, Passage.NOT_ASKED}
    assert basis is not None
    assert (basis.rule_id, basis.evidence[0].id) == ("D-E2", SOFT.id)


def test_d_02_every_refusal_is_told_and_the_first_is_the_reason() -> None:
    facts = somebody(
        restricted_at=GONE,
        contacts={Channel.EMAIL: EMAIL._replace(complained_at=GONE)},
        states={(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.OBJECTED)},
        sent=tuple(Sent(Channel.EMAIL, AT - timedelta(days=days)) for days in (2, 6)),
    )

    explained = explain(facts, ask(uses_purchases=True, template_class=TemplateClass.SERVICE), AT)
    passages = told(explained.steps)

    denied = [step for step in explained.steps if step.passage is Passage.DENIED]
    assert [step.gate for step in denied] == ["G4", "G7", "G9", "C-18", "G13"]
    assert denied[0].found is not None
    assert explained.decision.reason is denied[0].found.reason is Reason.RESTRICTED
    assert explained.decision.also == tuple(step.found.reason for step in denied[1:] if step.found)
    assert (passages["G12"], passages["G16"], passages["G1"]) == (Passage.NOT_ASKED, Passage.DEFERRED, Passage.PASSED)


def test_d_11_the_other_person_on_the_address_has_a_step_of_their_own() -> None:
    left = somebody(states={(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.WITHDRAWN)})
    facts = consenting(contacts={Channel.EMAIL: EMAIL._replace(shared_with=(left,))})

    explained = explain(facts, ask(), AT)

    assert explained.decision.rule_id == "D-11"
    assert [step.gate for step in explained.steps if step.passage is Passage.DENIED] == ["D-11"]


def test_d_04_a_check_that_failed_is_shown_where_it_would_have_been_made() -> None:
    explained = explain(replace(consenting(), unavailable=frozenset({Fact.SUPPRESSIONS})), ask(), AT)

    denied = [step.gate for step in explained.steps if step.passage is Passage.DENIED]
    assert denied == ["G6", "G7", "G8"]


@pytest.mark.parametrize("language", ["it", "en"])
def test_d_09_every_step_has_its_title_and_its_words(language: str) -> None:
    facts = somebody(
        readiness={},
        deceased_at=GONE,
        contacts={Channel.EMAIL: EMAIL._replace(complained_at=GONE, hard_bounced_at=GONE)},
        states={(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.OBJECTED)},
    )

    for question in (ask(uses_purchases=True), SERVICE, Ask(Purpose.THIRD_PARTY, None, recipient=uuid4())):
        for step in explain(facts, question, AT).steps:
            said = words.explain_step(step, question, language=language, zone="Europe/Rome")
            assert words.title_of(step.gate, language)
            assert said.sentence
            assert bool(said.remedy) == (step.passage not in (Passage.PASSED, Passage.NOT_ASKED))
