"""Who processes for the business (art. 28), where data go (art. 44-49), and what the operator undertakes."""

from ritorno.accountability import words as terms
from ritorno.accountability.models import Processor
from ritorno.privacy.documents import blocks
from ritorno.privacy.documents.blocks import Block
from ritorno.privacy.documents.configured import Configured
from ritorno.privacy.documents.speech import Speech


def agreements(known: Configured, say: Speech) -> list[Block]:
    """Return the list of processors with their agreements."""
    lead = say(
        "Chi tratta dati per nostro conto, per quali trattamenti, e con quale accordo firmato (art. 28).",
        "Who processes data on our behalf, for which processing, and under which signed agreement (art. 28).",
    )
    active = known.active_processors
    if not active:
        nobody = say(
            "Nessuno è iscritto. Se il programma gira presso un fornitore, o se un servizio spedisce le email o gli "
            "SMS, va iscritto prima di usarlo.",
            "Nobody is entered. If the programme runs at a supplier's, or a service sends mail or texts, it must be "
            "entered before it is used.",
        )
        return [blocks.lead(lead), blocks.note("", nobody)]
    unsigned = [each.name for each in active if each.dpa_signed_on is None]
    warning = say(
        f"Manca l'accordo firmato con: {say.joined(unsigned)}.",
        f"The signed agreement is missing with: {say.joined(unsigned)}.",
    )
    return [
        blocks.lead(lead),
        *([blocks.note(say("Da completare", "To complete"), warning)] if unsigned else []),
        *[_card(known, say, each) for each in active],
    ]


def _card(known: Configured, say: Speech, row: Processor) -> Block:
    names = {each.code: say.of(each.name) for each in known.activities}
    return blocks.card(
        row.name,
        [say.country(row.country), say.term(row.transfer_tool)],
        (say("Servizio", "Service"), say.of(row.service)),
        (say("Trattamenti", "Processing"), ", ".join(names.get(code, code) for code in row.activities)),
        (say("Accordo firmato", "Agreement signed"), say.day(row.dpa_signed_on) or say("manca", "missing")),
        (say("Impronta dell'accordo", "Digest of the agreement"), _short(row.dpa_sha256)),
        (say("Sub-responsabili", "Sub-processors"), ", ".join(each["name"] for each in row.sub_processors)),
        (say("Dal", "Since"), say.day(row.since)),
    )


def _short(sha256: str | None) -> str:
    """Return a digest short enough for a page, long enough to be compared."""
    return f"{sha256[:16]}…{sha256[-8:]}" if sha256 else ""


def agreements_table(known: Configured, say: Speech) -> list[list[str]]:
    """Return the processors as rows, the header first."""
    head = [
        say("Nome", "Name"), say("Servizio", "Service"), say("Paese", "Country"), say("Strumento", "Tool"),
        say("Nota", "Note"), say("Trattamenti", "Processing"), say("Accordo firmato", "Agreement signed"),
        say("SHA-256 dell'accordo", "SHA-256 of the agreement"), say("Sub-responsabili", "Sub-processors"),
        say("Dal", "From"), say("Al", "To"),
    ]  # fmt: skip
    rows = [
        [
            row.name, say.of(row.service), row.country, row.transfer_tool, row.transfer_note,
            ", ".join(row.activities), row.dpa_signed_on.isoformat() if row.dpa_signed_on else "",
            row.dpa_sha256 or "", "; ".join(f"{each['name']} ({each['country']})" for each in row.sub_processors),
            row.since.isoformat(), row.ended_on.isoformat() if row.ended_on else "",
        ]
        for row in known.processors
    ]  # fmt: skip
    return [head, *rows]


def transfers(known: Configured, say: Speech) -> list[Block]:
    """Return where data go, through whom, on what tool, and what must be asked of each transfer."""
    lead = say(
        "Dove vanno i dati, anche attraverso i fornitori dei fornitori, e che cosa rende lecito ogni passaggio (art. "
        "28 e 44-49).",
        "Where data go, through suppliers' suppliers too, and what makes each step lawful (art. 28 and 44-49).",
    )
    rows: list[tuple[str, str, str, str]] = []
    for row in known.active_processors:
        tool = " · ".join(filter(None, (say.term(row.transfer_tool), row.transfer_note)))
        rows.append((row.name, say.of(row.service), say.country(row.country), tool))
        rows += [
            (f"↳ {each['name']}", each["service"], say.country(each["country"]), say.term(each["transfer_tool"]))
            for each in row.sub_processors
        ]
    third_party = say("terzo, con il consenso di ciascuno", "third party, with each person's consent")
    rows += [
        (each.recipient.name, each.recipient.stated_use, say.country(each.recipient.country), third_party)
        for each in known.active_recipients
    ]
    receivers = [(name, country, tool, say.term(tool)) for name, country, tool in everybody(known)]
    receivers += [(each.recipient.name, each.recipient.country, "", third_party) for each in known.active_recipients]
    outside = [each for each in receivers if each[1] not in known.values.eea]
    found = [blocks.lead(lead)]
    if rows:
        head = (say("Chi", "Who"), say("Per che cosa", "What for"), say("Dove", "Where"), say("Strumento", "Tool"))
        found.append(blocks.sheet(head, rows, (2, 2.2, 1.2, 2.2)))
    if not outside:
        within = say("Nessun dato esce dallo Spazio economico europeo.", "No data leave the European Economic Area.")
        return [*found, blocks.note("", within)]
    found.append(blocks.section(say("Valutazione dei trasferimenti", "Assessment of the transfers")))
    for name, country, tool, basis in outside:
        found += [
            blocks.part(f"{name} · {say.country(country)} · {basis}"),
            blocks.boxes(_questions(say, tool)),
            blocks.blanks(say("Esito e misure in più", "Outcome and further measures"), 2),
        ]
    return [*found, blocks.signature(say("Data", "Date"), say("Per il titolare", "For the controller"))]


def everybody(known: Configured) -> list[tuple[str, str, str]]:
    """Return who processes, suppliers' suppliers too: name, country, tool."""
    found = []
    for row in known.active_processors:
        found.append((row.name, row.country, row.transfer_tool))
        found += [(each["name"], each["country"], each["transfer_tool"]) for each in row.sub_processors]
    return found


def _questions(say: Speech, tool: str) -> list[str]:
    common = [
        say(
            "I dati che partono sono i meno possibili, e cifrati in viaggio.",
            "The data that leave are as few as possible, and encrypted on the way.",
        ),
        say(
            "Il contratto obbliga ad avvisarci di ogni richiesta di autorità straniere.",
            "The contract binds them to tell us of any request by foreign authorities.",
        ),
    ]
    if tool == "DPF":
        return [
            say(
                "L'impresa compare oggi nell'elenco del Data Privacy Framework, per i dati di cui si tratta.",
                "The company stands today in the Data Privacy Framework list, for the data concerned.",
            ),
            say(
                "È pronto uno strumento di riserva: sulla decisione pende un'impugnazione (C-703/25 P).",
                "A fallback tool is ready: an appeal against the decision is pending (C-703/25 P).",
            ),
            *common,
        ]
    if tool in {"SCC", "BCR"}:
        return [
            say(
                "Leggi e prassi del Paese non svuotano le clausole, per dati come questi.",
                "Law and practice of the country do not hollow out the clauses, for data like these.",
            ),
            say(
                "Le clausole firmate sono nel modulo giusto e complete di allegati.",
                "The signed clauses use the right module and have their annexes.",
            ),
            *common,
        ]
    if tool == "ADEQUACY":
        return [
            say(
                "La decisione di adeguatezza è in vigore e copre questi dati.",
                "The adequacy decision is in force and covers these data.",
            ),
            *common,
        ]
    return [
        say("La deroga vale per questo caso singolo, e perché.", "The derogation holds for this single case, and why."),
        *common,
    ]


def undertakings(known: Configured, say: Speech) -> list[Block]:
    """Return what the operator undertakes towards the business, and that it was accepted (C-01)."""
    lead = say(
        "Chi gestisce questa installazione per il negozio è responsabile del trattamento (art. 28): ecco a che cosa si "
        "impegna. Se il negozio la gestisce da sé, sono gli impegni che prende con se stesso.",
        "Whoever operates this installation for the shop is its processor (art. 28): this is what they undertake. "
        "Where the shop operates it itself, these are the undertakings it gives itself.",
    )
    accepted = known.terms
    is_current = accepted is not None and accepted.text_sha256 == terms.terms_sha256()
    return [
        blocks.lead(lead),
        blocks.points(say.of(terms.terms()).split("\n"), numbered=True),
        blocks.facts(
            (say("Versione", "Version"), terms.TERMS_VERSION),
            (say("Impronta del testo", "Digest of the text"), _short(terms.terms_sha256())),
            (
                say("Accettato", "Accepted"),
                f"{say.day(accepted.accepted_on)}, {accepted.accepted_by}"
                if accepted is not None and is_current
                else say("non ancora", "not yet"),
            ),
        ),
        *([] if is_current else [blocks.signature(say("Data", "Date"), say("Per il negozio", "For the shop"))]),
    ]
