"""Instructions to those who handle data (art. 29, art. 2-quaterdecies) and the sheet of security measures (art. 32)."""

from collections import Counter

from ritorno.privacy.documents import blocks
from ritorno.privacy.documents.blocks import Block
from ritorno.privacy.documents.configured import Configured
from ritorno.privacy.documents.speech import Speech


def instructions(known: Configured, say: Speech) -> list[Block]:
    """Return what staff must know, and who they are."""
    lead = say(
        "Chi lavora con i dati dei clienti lo fa perché il negozio l'ha autorizzato, e solo come è scritto qui (art. "
        "29 del Regolamento, art. 2-quaterdecies del Codice privacy).",
        "Whoever works with customers' data does so because the shop authorised them, and only as written here (art. "
        "29 of the Regulation, art. 2-quaterdecies of the Italian Privacy Code).",
    )
    return [
        blocks.lead(lead),
        blocks.section(say("Ogni giorno", "Every day")),
        blocks.points(_daily(say), numbered=True),
        blocks.section(say("Quando un cliente parla dei suoi dati", "When a customer speaks about their data")),
        blocks.points(_listening(say)),
        blocks.section(say("Se qualcosa va storto", "If something goes wrong")),
        blocks.note(
            say("Subito, senza paura di sbagliare", "At once, without fear of being wrong"),
            say(
                "Un telefono perso, un'email alla persona sbagliata, una password vista da altri: si dice subito al "
                "titolare o al referente privacy. Il negozio ha "
                f"{int(known.values.breach.authority.total_seconds() // 3600)} ore da quel momento.",
                "A lost phone, a mail to the wrong person, a password others have seen: the owner or the privacy "
                "officer is told at once. The shop has "
                f"{int(known.values.breach.authority.total_seconds() // 3600)} hours from that moment.",
            ),
        ),
        blocks.section(say("Che cosa vede ciascun ruolo", "What each role sees")),
        blocks.sheet((say("Ruolo", "Role"), say("Può", "May"), say("Non può", "May not")), _roles(say), (1.2, 3, 2.4)),
        blocks.section(say("Persone autorizzate", "Authorised people")),
        blocks.sheet(
            (say("Nome", "Name"), say("Ruolo", "Role"), say("Firma per presa visione", "Signature, having read")),
            [(each.name, say.term(each.role), " ") for each in known.staff],
            (2, 1.4, 2.6),
        ),
        blocks.signature(say("Data", "Date"), say("Per il titolare", "For the controller")),
    ]


def _daily(say: Speech) -> list[str]:
    return [
        say(
            "Si entra con il proprio nome. La password e il codice non si prestano, nemmeno per un minuto.",
            "Sign in under your own name. Password and code are never lent, not even for a minute.",
        ),
        say(
            "Si apre una scheda solo se serve al lavoro di quel momento. Ogni apertura resta scritta.",
            "Open a card only if the work of the moment needs it. Every opening is written down.",
        ),
        say(
            "Si chiede al cliente solo ciò che serve, e gli si dice a che cosa. Le caselle le spunta lui.",
            "Ask customers only for what is needed, and tell them what for. They tick the boxes themselves.",
        ),
        say(
            "Nelle note non si scrive di salute, religione, opinioni, né giudizi: il cliente può leggerle.",
            "Notes hold nothing about health, religion or opinions, and no judgements: the customer may read them.",
        ),
        say(
            "Si scrive ai clienti solo dal programma: mai dal proprio telefono, mai copiando un elenco.",
            "Write to customers only from the programme: never from your own phone, never by copying a list.",
        ),
        say(
            "Lo schermo rivolto al pubblico si oscura, i fogli firmati si scansionano e si chiudono a chiave.",
            "A screen facing the public is blurred; signed sheets are scanned and locked away.",
        ),
    ]


def _listening(say: Speech) -> list[str]:
    return [
        say(
            "«Non voglio più pubblicità»: si registra subito, in tre tocchi, senza chiedere perché e senza permesso.",
            "“No more advertising”: it is recorded at once, in three taps, without asking why and without permission.",
        ),
        say(
            "«Che cosa avete su di me?», «Cancellatemi»: si apre una richiesta con la data di oggi. Al resto pensa il "
            "referente privacy, entro un mese.",
            "“What do you have about me?”, “Erase me”: open a request with today's date. The privacy officer does the "
            "rest, within a month.",
        ),
        say(
            "Non si chiede il documento: l'identità si controlla dai recapiti che il negozio conosce già.",
            "Do not ask for an identity card: who it is, is checked through contacts the shop already knows.",
        ),
        say(
            "Dei dati di un cliente non si parla con nessun altro, nemmeno della famiglia.",
            "A customer's data are discussed with nobody else, not even family.",
        ),
    ]


def _roles(say: Speech) -> list[tuple[str, str, str]]:
    return [
        (
            say.term("owner"),
            say(
                "tutto, con conferma per esportare e per gli invii",
                "everything, with a confirmation to export and to send",
            ),
            say(
                "cambiare il registro delle operazioni; annullare un'opposizione",
                "change the log of acts; undo an objection",
            ),
        ),
        (
            say.term("marketer"),
            say("schede, segmenti, campagne, richiami", "cards, segments, campaigns, recalls"),
            say("esportare; rispondere a richieste privacy", "export; answer privacy requests"),
        ),
        (
            say.term("cashier"),
            say("cercare un cliente, servire, registrare consensi e no", "find a customer, serve, record yes and no"),
            say("vedere elenchi lunghi; esportare; scrivere a molti", "see long lists; export; write to many"),
        ),
        (
            say.term("analyst"),
            say("numeri e risultati", "numbers and results"),
            say("vedere nomi o recapiti", "see names or contacts"),
        ),
        (
            say.term("privacy_officer"),
            say("richieste, registri, documenti, cancellazioni", "requests, registers, documents, erasures"),
            say("lanciare campagne", "launch campaigns"),
        ),
    ]


def measures(known: Configured, say: Speech) -> list[Block]:
    """Return the security measures: those the product always has, and those this installation has or lacks."""
    lead = say(
        "Come proteggiamo i dati (art. 32). Le prime due parti dicono ciò che il programma fa e ciò che risulta da "
        "questa installazione; la terza la completa il negozio.",
        "How we protect data (art. 32). The first two parts say what the programme does and what this installation "
        "shows; the third is for the shop to complete.",
    )
    missing = [what for is_ok, what, _ in _checks(known, say) if not is_ok]
    return [
        blocks.lead(lead),
        *(
            [blocks.note(say("Da mettere a posto", "To be put right"), say.capital(say.joined(missing)) + ".")]
            if missing
            else []
        ),
        blocks.section(say("Ciò che il programma fa sempre", "What the programme always does")),
        blocks.facts(*_built_in(known, say)),
        blocks.section(say("Ciò che risulta da questa installazione", "What this installation shows")),
        blocks.sheet(
            (say("Misura", "Measure"), say("Stato", "State"), say("Dettaglio", "Detail")),
            [
                (what, say("sì", "yes") if is_ok else say("da fare", "to do"), detail)
                for is_ok, what, detail in _checks(known, say)
            ],
            (2.4, 0.8, 3),
        ),
        blocks.section(say("Ciò che cura il negozio", "What the shop takes care of")),
        blocks.boxes(
            [
                say(
                    "Il disco del server, e quello delle copie, è cifrato.",
                    "The disk of the server, and that of the backups, is encrypted.",
                ),
                say(
                    "Una copia al giorno, tenuta altrove per non più di 35 giorni.",
                    "One backup a day, kept elsewhere for no more than 35 days.",
                ),
                say(
                    "Il ripristino di una copia è stato provato negli ultimi sei mesi.",
                    "Restoring a backup was tried within the last six months.",
                ),
                say(
                    "Sistema e programma sono aggiornati; chi esce perde subito l'accesso.",
                    "System and programme are up to date; whoever leaves loses access at once.",
                ),
            ]
        ),
        blocks.blanks(say("Altre misure", "Further measures"), 2),
        blocks.signature(say("Data", "Date"), say("Per il titolare", "For the controller")),
    ]


def _built_in(known: Configured, say: Speech) -> list[tuple[str, str]]:
    return [
        (
            say("Accessi", "Access"),
            say(
                "Ruoli con il minimo necessario; password conservate con Argon2id; sessioni di 30 minuti senza uso e "
                "12 ore in tutto; blocco dopo 5 tentativi; nuova conferma prima di esportare.",
                "Roles with the least they need; passwords kept with Argon2id; sessions of 30 idle minutes and 12 "
                "hours in all; a lock after 5 tries; a fresh confirmation before exporting.",
            ),
        ),
        (
            say("Tracce", "Traces"),
            say(
                "Chi ha fatto o letto che cosa, in un registro che il programma stesso non può cambiare, sigillato a "
                "catena; i consensi sono concatenati persona per persona.",
                "Who did or read what, in a log the programme itself cannot change, sealed in a chain; consents are "
                "chained person by person.",
            ),
        ),
        (
            say("Riservatezza", "Confidentiality"),
            say(
                "Nessun dato personale in registri tecnici, indirizzi web o code; segreti cifrati; recapiti cancellati "
                "ricordati solo come impronte con chiave.",
                "No personal data in technical logs, web addresses or queues; secrets encrypted; erased contacts "
                "remembered only as keyed hashes.",
            ),
        ),
        (
            say("Invii", "Sending"),
            say(
                "Nessun messaggio parte senza il controllo dei consensi, rifatto un attimo prima; se un controllo non "
                "risponde, non si invia.",
                "No message leaves without the check of consents, done again a moment before; if a check does not "
                "answer, nothing is sent.",
            ),
        ),
        (
            say("Minimo e tempo", "Minimum and time"),
            say(
                "Ogni notte ciò che ha finito il suo tempo si cancella o diventa anonimo; i file esportati spariscono "
                f"dopo {say.period(known.periods.get('FILES_OUT') or 'P7D')}.",
                "Every night what has run its time is erased or made anonymous; exported files disappear after "
                f"{say.period(known.periods.get('FILES_OUT') or 'P7D')}.",
            ),
        ),
    ]


def _checks(known: Configured, say: Speech) -> list[tuple[bool, str, str]]:
    guards, staff = known.guards, known.staff
    protected = sum(each.has_second_factor for each in staff)
    by_role = Counter(each.role for each in staff)
    roles = ", ".join(f"{say.term(role)}: {count}" for role, count in sorted(by_role.items()))
    return [
        (
            guards.is_https,
            say("connessione cifrata (https)", "encrypted connection (https)"),
            say("l'indirizzo pubblico è https", "the public address is https")
            if guards.is_https
            else say("l'indirizzo pubblico non è https", "the public address is not https"),
        ),
        (
            guards.has_own_role and not guards.is_superuser,
            say("registri che il programma non può cambiare", "ledgers the programme cannot change"),
            say(
                "il programma non possiede le tabelle e non è amministratore della base di dati",
                "the programme does not own the tables and is no administrator of the database",
            )
            if guards.has_own_role and not guards.is_superuser
            else say(
                "il programma usa lo stesso ruolo di chi possiede le tabelle",
                "the programme uses the role that owns the tables",
            ),
        ),
        (
            protected == len(staff) > 0,
            say("secondo fattore per tutti", "second factor for everybody"),
            say(f"attivo per {protected} su {len(staff)}", f"on for {protected} out of {len(staff)}"),
        ),
        (by_role["owner"] > 0, say("ruoli assegnati", "roles assigned"), roles),
        (
            by_role["privacy_officer"] > 0,
            say("un referente privacy", "a privacy officer"),
            say("qualcuno segue richieste e documenti", "somebody follows requests and documents")
            if by_role["privacy_officer"]
            else say("nessuno ha ancora questo ruolo", "nobody has this role yet"),
        ),
        (
            all(each.dpa_signed_on for each in known.active_processors),
            say("accordi firmati con i fornitori", "agreements signed with suppliers"),
            say(
                f"fornitori iscritti: {len(known.active_processors)}",
                f"suppliers entered: {len(known.active_processors)}",
            ),
        ),
    ]
