"""The gate's short answer, beside every row that shows a person (UX principle 2)."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import words
from ritorno.consents.rules import Ask, Channel, Purpose
from ritorno.desk.schemas import GateAnswer
from ritorno.kit import clock
from ritorno.messaging.permissions import Question, decide_many
from ritorno.stores import queries as stores

_OFFERS_BY_EMAIL = Ask(Purpose.MKT_OWN, Channel.EMAIL)


async def email_answers(session: AsyncSession, customer_ids: Sequence[UUID], language: str) -> dict[UUID, GateAnswer]:
    """Tell for each person whether an offer may go by email now."""
    business = await stores.get_business(session)
    questions = [Question(customer_id, _OFFERS_BY_EMAIL) for customer_id in customer_ids]
    answers = {}
    for customer_id, decision in zip(customer_ids, await decide_many(session, questions, clock.now()), strict=True):
        said = words.explain(
            decision, language=language, zone=business.timezone, purpose=Purpose.MKT_OWN, channel=Channel.EMAIL
        )
        answers[customer_id] = GateAnswer(
            verdict=decision.verdict,
            family=decision.family,
            reason=decision.reason,
            rule_id=decision.rule_id,
            sentence=said.sentence,
            remedy=said.remedy or None,
            until=decision.until,
        )
    return answers
