"""The log of personal data breaches (art. 33(5)): what happened, what was done, who was told and why."""

from ritorno.accountability import rules
from ritorno.accountability.models import IncidentRecord
from ritorno.accountability.service import incident_of
from ritorno.privacy.documents import blocks
from ritorno.privacy.documents.blocks import Block
from ritorno.privacy.documents.configured import Configured
from ritorno.privacy.documents.speech import Speech


def log(known: Configured, say: Speech) -> list[Block]:
    """Return every incident in the order in which it became known."""
    hours = int(known.values.breach.authority.total_seconds() // 3600)
    lead = say(
        f"Ogni violazione di dati personali, notificata o no (art. 33.5). Il Garante va avvisato entro {hours} ore da "
        "quando se ne ha notizia, salvo che un rischio per le persone sia improbabile.",
        f"Every personal data breach, notified or not (art. 33(5)). The authority is told within {hours} hours of "
        "awareness, unless a risk to people is unlikely.",
    )
    if not known.incidents:
        return [blocks.lead(lead), blocks.note("", say("Nessuna violazione fino a oggi.", "No breach so far."))]
    return [blocks.lead(lead), *[_card(known, say, row) for row in known.incidents]]


def _card(known: Configured, say: Speech, row: IncidentRecord) -> Block:
    due = rules.due_at(incident_of(row), known.values.breach)
    tags = [
        say.moment(row.became_aware_at),
        say.term(row.risk) if row.risk else say("rischio da valutare", "risk to be judged"),
        say("chiusa", "closed") if row.closed_at else say("aperta", "open"),
    ]
    return blocks.card(
        row.title,
        tags,
        (say("Il negozio è", "The shop is"), say.term(row.side)),
        (say("Avvenuta", "Happened"), say.moment(row.happened_at)),
        (say("Fatti", "Facts"), row.facts),
        (say("Dati", "Data"), row.data_categories),
        (say("Persone", "People"), say.number(row.people_count) if row.people_count is not None else ""),
        (say("Effetti", "Effects"), row.effects),
        (say("Misure", "Measures"), row.measures),
        (say("Avvisare entro", "To be told by"), say.moment(due)),
        (say("Decisione", "Decision"), say.term(row.decision)),
        (say("Perché", "Why"), row.decision_reason),
        (say("Avvisati il", "Told on"), say.moment(row.notified_at)),
        (say("Persone avvisate il", "People told on"), say.moment(row.people_told_at)),
    )


def table(known: Configured, say: Speech) -> list[list[str]]:
    """Return the log as rows, the header first."""
    head = [
        say("Titolo", "Title"), say("Ruolo", "Side"), say("Noto dal", "Aware since"), say("Avvenuto", "Happened"),
        say("Fatti", "Facts"), say("Dati", "Data"), say("Persone", "People"), say("Effetti", "Effects"),
        say("Misure", "Measures"), say("Rischio", "Risk"), say("Decisione", "Decision"), say("Perché", "Why"),
        say("Notificato", "Notified"), say("Persone avvisate", "People told"), say("Chiuso", "Closed"),
    ]  # fmt: skip
    rows = [
        [
            row.title, row.side, row.became_aware_at.isoformat(),
            row.happened_at.isoformat() if row.happened_at else "", row.facts, row.data_categories,
            str(row.people_count) if row.people_count is not None else "", row.effects, row.measures,
            row.risk or "", row.decision, row.decision_reason,
            *(at.isoformat() if at else "" for at in (row.notified_at, row.people_told_at, row.closed_at)),
        ]
        for row in known.incidents
    ]  # fmt: skip
    return [head, *rows]
