"""Is an impact assessment needed (art. 35), and the weighing of a legitimate interest (art. 6(1)(f))."""

from typing import NamedTuple

from ritorno.privacy.documents import blocks
from ritorno.privacy.documents.blocks import Block
from ritorno.privacy.documents.configured import Configured
from ritorno.privacy.documents.speech import Speech

YES, NO, OPEN = "yes", "no", "open"


class Answer(NamedTuple):
    """One kind of processing on the authority's list, and what the configuration says of it."""

    question: str
    tone: str
    why: str


def screening(known: Configured, say: Speech) -> list[Block]:
    """Return the screening against the authority's list of 11 October 2018, no. 467, answered from what is in use."""
    answers = answers_of(known, say)
    lead = say(
        "Le dodici specie di trattamento per cui il Garante chiede una valutazione d'impatto (provvedimento n. 467 "
        "dell'11 ottobre 2018, allegato 1), con la risposta che dà la configurazione di oggi.",
        "The twelve kinds of processing for which the Italian authority asks for an impact assessment (decision no. "
        "467 of 11 October 2018, annex 1), each with the answer today's configuration gives.",
    )
    labels = {YES: say("Sì", "Yes"), NO: say("No", "No"), OPEN: say("Da valutare", "To assess")}
    return [
        blocks.lead(lead),
        blocks.note(say("Esito", "Outcome"), _outcome(answers, say)),
        *[
            blocks.answer(f"{n}. {each.question}", each.tone, labels[each.tone], each.why)
            for n, each in enumerate(answers, 1)
        ],
        blocks.section(say("Decisione", "Decision")),
        blocks.boxes(
            [
                say("La valutazione d'impatto si fa, e si allega qui.", "The assessment is carried out and attached."),
                say("Non serve, per le ragioni scritte sotto.", "It is not needed, for the reasons below."),
                say(
                    "Resta un rischio elevato anche dopo: si consulta il Garante prima di cominciare (art. 36).",
                    "After the assessment a high risk remains: the authority is consulted before starting (art. 36).",
                ),
            ]
        ),
        blocks.blanks(say("Ragioni", "Reasons"), 3),
        blocks.signature(say("Data", "Date"), say("Per il titolare", "For the controller")),
    ]


def _outcome(answers: list[Answer], say: Speech) -> str:
    certain = sum(each.tone == YES for each in answers)
    unsure = sum(each.tone == OPEN for each in answers)
    if certain:
        return say(
            "Una valutazione d'impatto è necessaria: almeno una risposta è sì.",
            "An impact assessment is needed: at least one answer is yes.",
        )
    if unsure >= 2:
        return say(
            f"Una valutazione d'impatto è consigliata: {unsure} risposte sono da valutare, e due criteri insieme di "
            "solito la richiedono.",
            f"An impact assessment is advised: {unsure} answers are to be assessed, and two criteria together usually "
            "ask for one.",
        )
    return say(
        "Dalla configurazione di oggi non risulta necessaria; si rifaccia quando cambia ciò che si fa con i dati.",
        "From today's configuration it does not appear to be needed; repeat this when what is done with data changes.",
    )


def answers_of(known: Configured, say: Speech) -> list[Answer]:
    """Return the twelve answers."""
    count, large = known.counts, known.values.large_scale_people
    number = say.number
    many = say(f"la soglia che ci siamo dati è {number(large)}", f"the threshold we set ourselves is {number(large)}")
    profiled = _by_size(count.profiled, large)
    disclosed = _by_size(count.disclosed, large) if count.disclosed else (OPEN if known.active_recipients else NO)
    return [
        Answer(
            say("Valutazioni e profilazione su larga scala", "Evaluation and profiling on a large scale"),
            profiled,
            say(
                f"{number(count.profiled)} persone hanno accettato che i loro acquisti scelgano le offerte, su "
                f"{number(count.people)}; {many}.",
                f"{number(count.profiled)} people out of {number(count.people)} agreed that their purchases choose "
                f"offers; {many}.",
            ),
        ),
        Answer(
            say("Decisioni automatiche con effetti giuridici", "Automated decisions with legal effects"),
            NO,
            say(
                "Il programma ordina offerte e richiami; non concede, nega o prezza nulla da solo.",
                "The programme puts offers and recalls in order; it grants, refuses or prices nothing by itself.",
            ),
        ),
        Answer(
            say("Osservazione sistematica delle persone", "Systematic observation of people"),
            OPEN if count.tracked else NO,
            say(
                f"{number(count.tracked)} persone hanno accettato che si sappia se aprono un'email o seguono un link.",
                f"{number(count.tracked)} people agreed that we know whether they open a mail or follow a link.",
            ),
        ),
        Answer(
            say("Dati molto personali su larga scala", "Highly personal data on a large scale"),
            _by_size(count.spending, large),
            say(
                f"La capacità di spesa è annotata per {number(count.spending)} persone; non ci sono posizione, "
                "comunicazioni private o dati finanziari.",
                f"Spending capacity is noted for {number(count.spending)} people; there are no locations, private "
                "communications or financial data.",
            ),
        ),
        Answer(
            say("Controllo a distanza dei lavoratori", "Remote monitoring of workers"),
            OPEN,
            say(
                "Il registro delle operazioni serve alla sicurezza dei dati. Se lo si volesse usare per giudicare il "
                "lavoro, occorre prima l'accordo dell'art. 4 L. 300/1970.",
                "The log of acts serves data security. Before using it to judge work, the agreement of art. 4 Law "
                "300/1970 is needed.",
            ),
        ),
        Answer(
            say("Persone vulnerabili", "Vulnerable people"),
            OPEN if count.minors else NO,
            say(
                f"Le schede di minorenni note sono {number(count.minors)}; a loro non si fa profilazione e, sotto i 14 "
                "anni, nessuna offerta.",
                f"Known cards of minors are {number(count.minors)}; they are not profiled and, under 14, receive no "
                "offers.",
            ),
        ),
        Answer(
            say("Tecnologie innovative", "Innovative technologies"),
            OPEN if profiled == YES else NO,
            say(
                "Le stime sono statistiche, calcolate qui e spiegate una per una; niente sensori, riconoscimento o "
                "assistenti.",
                "Estimates are statistical, computed here and explained one by one; no sensors, recognition or "
                "assistants.",
            ),
        ),
        Answer(
            say("Scambio di dati fra titolari su larga scala", "Exchange of data between controllers on a large scale"),
            disclosed,
            say(
                f"Terzi attivi: {len(known.active_recipients)}; persone i cui dati sono stati comunicati: "
                f"{number(count.disclosed)}.",
                f"Active third parties: {len(known.active_recipients)}; people whose data were given to them: "
                f"{number(count.disclosed)}.",
            ),
        ),
        Answer(
            say("Dati combinati da fonti diverse", "Data combined from different sources"),
            OPEN if count.sources > 1 else NO,
            say(
                f"Le schede riuniscono chiavi di {count.sources} fonti collegate dal negozio; non si incrociano dati "
                "di pagamento né consumi digitali.",
                f"Cards bring together keys of {count.sources} sources the shop connected; neither payment data nor "
                "digital consumption are combined.",
            ),
        ),
        Answer(
            say("Categorie particolari interconnesse", "Special categories, interconnected"),
            YES if count.special else NO,
            say(
                f"{number(count.special)} persone hanno dato un consenso esplicito per dati particolari; questi non "
                "entrano in selezioni, testi o esportazioni.",
                f"{number(count.special)} people gave explicit consent for special data; these enter no selection, "
                "text or export.",
            ),
        ),
        Answer(say("Dati biometrici", "Biometric data"), NO, say("Non se ne trattano.", "None are processed.")),
        Answer(say("Dati genetici", "Genetic data"), NO, say("Non se ne trattano.", "None are processed.")),
    ]


def _by_size(people: int, large: int) -> str:
    return YES if people >= large else OPEN if people else NO


def by_post(known: Configured, say: Speech) -> list[Block]:
    """Return the form for offers by post to own customers (D-P1)."""
    return _weighing(
        say,
        interest=say(
            "Far sapere per posta, a chi ha già comprato, che cosa c'è di nuovo nel negozio.",
            "Telling by post those who have already bought what is new in the shop.",
        ),
        law=say(
            "art. 6.1.f e considerando 47; art. 130, c. 3, Codice privacy",
            "art. 6(1)(f) and recital 47; art. 130(3) Italian Privacy Code",
        ),
        necessity=[
            say(
                "Si scrive solo a clienti che hanno comprato, con l'indirizzo che hanno dato loro.",
                "Only customers who bought are written to, at the address they gave themselves.",
            ),
            say(
                "Non si usano gli acquisti per scegliere a chi scrivere, se la persona non lo ha accettato.",
                "Purchases are not used to choose whom to write to unless the person agreed.",
            ),
            say("Si scrive al più con la frequenza che il negozio si è data.", "No more often than the shop has set."),
        ],
        safeguards=[
            say(
                "La persona è stata informata prima, e l'informativa nomina la posta.",
                "The person was informed first, and the notice names the post.",
            ),
            say("Ogni lettera dice chi scrive e come dire di no.", "Every letter says who writes and how to say no."),
            say(
                "Un no ferma tutto, subito e per sempre; le lettere tornate indietro pure.",
                "A no stops everything, at once and for good; so do letters that come back.",
            ),
            say(
                "Nessuna lettera a indirizzi comprati, raccolti o presi da elenchi senza controllo del registro.",
                "No letter to addresses bought, scraped or taken from directories without checking the register.",
            ),
        ],
    )


def by_phone(known: Configured, say: Speech) -> list[Block]:
    """Return the form for calls to numbers of the public directory (D-T5)."""
    days = known.rpo_days
    checked = (
        []
        if days is None
        else [
            say(
                f"Ogni numero è confrontato con il Registro delle opposizioni al più {days} giorni prima.",
                f"Every number is checked against the opposition register no more than {days} days before.",
            )
        ]
    )
    return _weighing(
        say,
        interest=say(
            "Proporre per telefono, con un operatore, ciò che il negozio vende a chi compare negli elenchi pubblici.",
            "Offering by telephone, through a person, what the shop sells to those who stand in public directories.",
        ),
        law=say(
            "art. 6.1.f; art. 130, c. 3-bis, Codice privacy; L. 5/2018; DPR 26/2022",
            "art. 6(1)(f); art. 130(3-bis) Italian Privacy Code; Law 5/2018; DPR 26/2022",
        ),
        necessity=[
            say("Solo numeri presenti negli elenchi pubblici.", "Only numbers that stand in public directories."),
            say("Solo operatori: mai chiamate automatiche.", "Only through people: never automated calls."),
            say(
                "Un altro mezzo meno invadente non raggiunge le stesse persone: scrivere perché.",
                "A less intrusive means does not reach the same people: write why.",
            ),
        ],
        safeguards=[
            *checked,
            say(
                "Si chiama negli orari del codice di condotta, con un numero che si vede e risponde.",
                "Calls follow the hours of the code of conduct, from a number that shows and answers.",
            ),
            say(
                "Chi chiama dice subito per chi, e da dove viene il numero.",
                "Callers say at once for whom, and where the number comes from.",
            ),
            say("Un no ferma tutto, subito e per sempre.", "A no stops everything, at once and for good."),
        ],
    )


def _weighing(say: Speech, *, interest: str, law: str, necessity: list[str], safeguards: list[str]) -> list[Block]:
    lead = say(
        "Prima di poggiare su un legittimo interesse lo si pesa con quelli delle persone. Il modulo si compila, si "
        "firma e si registra: finché manca, il programma non scrive e non chiama su questa base.",
        "Before resting on a legitimate interest it is weighed against people's own. The form is filled in, signed and "
        "recorded: until then the programme neither writes nor calls on this basis.",
    )
    return [
        blocks.lead(lead),
        blocks.section(say("1. L'interesse", "1. The interest")),
        blocks.facts((say("Quale", "Which"), interest), (say("Norme", "Law"), law)),
        blocks.blanks(say("Perché conta per questo negozio", "Why it matters to this shop"), 2),
        blocks.section(say("2. È necessario?", "2. Is it necessary?")),
        blocks.boxes(necessity),
        blocks.blanks(say("Osservazioni", "Remarks"), 1),
        blocks.section(say("3. Il bilanciamento", "3. The balance")),
        blocks.words(
            say(
                "Chi ha comprato da poco se lo può aspettare? Che cosa gli costa? Che cosa lo protegge?",
                "Can somebody who bought recently expect it? What does it cost them? What protects them?",
            )
        ),
        blocks.boxes(safeguards),
        blocks.blanks(say("Effetti sulle persone, anche quelle fragili", "Effects on people, the fragile ones too"), 2),
        blocks.section(say("4. Conclusione", "4. Conclusion")),
        blocks.boxes(
            [
                say(
                    "L'interesse prevale: si può procedere con queste garanzie.",
                    "The interest prevails: we may proceed with these safeguards.",
                ),
                say(
                    "Prevalgono le persone: si procede solo con il consenso.",
                    "People prevail: we proceed by consent only.",
                ),
            ]
        ),
        blocks.facts(
            (say("Da rivedere entro", "To be reviewed by"), say("12 mesi dalla firma", "12 months from signing"))
        ),
        blocks.signature(say("Data", "Date"), say("Chi approva", "Approved by")),
    ]
