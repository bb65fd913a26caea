"""The register of processing activities, as controller (art. 30(1)) and as processor (art. 30(2))."""

from ritorno.accountability.models import ProcessingActivity
from ritorno.privacy.documents import blocks
from ritorno.privacy.documents.blocks import Block
from ritorno.privacy.documents.configured import Configured
from ritorno.privacy.documents.speech import Speech


def controller(known: Configured, say: Speech) -> list[Block]:
    """Return the register of what the business does in its own name."""
    lead = say(
        "Che cosa facciamo con i dati delle persone, perché, con chi e per quanto tempo (art. 30.1 del Regolamento). "
        "È lo stesso registro che governa il programma: ciò che non vi compare non può essere attivato.",
        "What we do with people's data, why, with whom and for how long (art. 30(1) of the Regulation). It is the "
        "very register that governs the programme: what does not stand here cannot be switched on.",
    )
    return [blocks.lead(lead), _who(known, say), *_rows(known, say, "CONTROLLER"), *_periods(known, say)]


def processor(known: Configured, say: Speech) -> list[Block]:
    """Return the register of what is done in the name of others."""
    lead = say(
        "I trattamenti che svolgiamo per conto di altri titolari (art. 30.2 del Regolamento).",
        "The processing we carry out on behalf of other controllers (art. 30(2) of the Regulation).",
    )
    rows = _rows(known, say, "PROCESSOR")
    nothing = say("Non trattiamo dati per conto di altri.", "We process no data on behalf of others.")
    return [blocks.lead(lead), _who(known, say), *(rows or [blocks.note("", nothing)])]


def _who(known: Configured, say: Speech) -> Block:
    business = known.business
    return blocks.facts(
        (say("Titolare", "Controller"), business.name),
        (say("Indirizzo", "Address"), business.address),
        (say("Contatto privacy", "Privacy contact"), " · ".join(filter(None, (business.email, business.phone)))),
    )


def _rows(known: Configured, say: Speech, side: str) -> list[Block]:
    current = known.in_force(side)
    past = [row for row in known.activities if row.side == side and row not in current]
    found = [_card(known, say, row) for row in current]
    if past:
        found.append(blocks.section(say("Trattamenti terminati", "Processing that has ended")))
        found.append(
            blocks.sheet(
                (say("Trattamento", "Processing"), say("Dal", "From"), say("Al", "To")),
                [(say.of(row.name), say.day(row.since), say.day(row.ended_on)) for row in past],
                (3, 1.3, 1.3),
            )
        )
    return found


def _card(known: Configured, say: Speech, row: ProcessingActivity) -> Block:
    return blocks.card(
        say.of(row.name),
        [row.code, say(f"versione {row.version}", f"version {row.version}"), *map(say.term, row.channels)],
        *([(say("Per conto di", "On behalf of"), row.client)] if row.client else []),
        (say("Finalità", "Purpose"), say.of(row.aim)),
        (say("Base giuridica", "Legal basis"), say.capital(say.terms(row.legal_bases))),
        (say("Persone", "People"), say.of(row.people)),
        (say("Dati", "Data"), say.of(row.data_categories)),
        (say("Destinatari", "Recipients"), recipients_of(known, say, row)),
        (say("Responsabili", "Processors"), _processors(known, say, row)),
        (say("Trasferimenti", "Transfers"), say.of(row.transfers)),
        (say("Conservazione", "Retention"), say.of(row.retention)),
        (say("Sicurezza", "Security"), say.of(row.security)),
        (say("In vigore dal", "In force since"), say.day(row.since)),
    )


def recipients_of(known: Configured, say: Speech, row: ProcessingActivity) -> str:
    """Return who may be given data of a row: in words, and the third parties by name."""
    named = [each.recipient.name for each in known.recipients if str(each.recipient.id) in row.recipient_ids]
    text = say.of(row.recipients)
    return f"{text}. {say.joined(named)}" if named and text else text or say.joined(named)


def _processors(known: Configured, say: Speech, row: ProcessingActivity) -> str:
    serving = [
        f"{each.name} ({say.country(each.country)})" for each in known.active_processors if row.code in each.activities
    ]
    return ", ".join(serving) or say("Nessuno indicato", "None named")


def _periods(known: Configured, say: Speech) -> list[Block]:
    """Return the clocks really in force, which the texts above must agree with."""
    rows = [
        (
            say.term(clock),
            say.period(period) if period else say("finché il negozio esiste", "as long as the shop exists"),
        )
        for clock, period in known.periods.items()
    ]
    return [
        blocks.section(say("Tempi di conservazione in vigore", "Retention in force")),
        blocks.sheet((say("Che cosa", "What"), say("Quanto", "How long")), rows, (3, 1.4)),
    ]


def table(known: Configured, say: Speech, side: str) -> list[list[str]]:
    """Return the register as rows, the header first."""
    head = [
        say("Codice", "Code"), say("Trattamento", "Processing"), say("Per conto di", "On behalf of"),
        say("Finalità", "Purpose"), say("Canali", "Channels"), say("Base giuridica", "Legal basis"),
        say("Persone", "People"), say("Dati", "Data"), say("Destinatari", "Recipients"),
        say("Responsabili", "Processors"), say("Trasferimenti", "Transfers"), say("Conservazione", "Retention"),
        say("Sicurezza", "Security"), say("Dal", "From"), say("Al", "To"), say("Versione", "Version"),
    ]  # fmt: skip
    rows = [
        [
            row.code, say.of(row.name), row.client or "", say.of(row.aim), say.terms(row.channels),
            say.terms(row.legal_bases), say.of(row.people), say.of(row.data_categories),
            recipients_of(known, say, row), _processors(known, say, row), say.of(row.transfers),
            say.of(row.retention), say.of(row.security), row.since.isoformat(),
            row.ended_on.isoformat() if row.ended_on else "", str(row.version),
        ]
        for row in known.activities
        if row.side == side
    ]  # fmt: skip
    return [head, *rows]
