"""The words of a pack: what each section is, what each column is called, what each code means; Italian first."""

from typing import NamedTuple


class Pair(NamedTuple):
    it: str
    en: str

    def in_(self, language: str) -> str:
        return self.it if language == "it" else self.en


class Section(NamedTuple):
    """How one section is told to a person."""

    title: Pair
    intro: Pair
    columns: tuple[str, ...] = ()
    """What is shown for reading, in this order; the files hold everything. Empty: whatever there is."""
    is_portable: bool = False
    """Provided by the person, or observed of them, under consent or contract (art. 20)."""
    is_prose: bool = False
    """Each row is told as a paragraph under its name, because its cells are sentences."""
    is_listed: bool = True
    """Its rows are shown for reading; otherwise only counted, because nobody reads thousands of lines of a log."""


SECTIONS: dict[str, Section] = {
    "card": Section(
        Pair("La sua scheda", "Your card"),
        Pair("Chi è lei per noi.", "Who you are to us."),
        ("given_name", "family_name", "birth_on", "gender", "language", "city", "country", "first_contact_on",
         "acquisition_source", "created_at", "updated_at", "subject_type", "is_minor_flagged", "spending_capacity",
         "restricted_at", "deceased_at", "timezone"),
        is_portable=True,
    ),
    "contact_points": Section(
        Pair("I suoi recapiti", "Your contact details"),
        Pair("Ogni recapito con la sua provenienza.", "Each one with where we have it from."),
        ("kind", "value", "source", "certainty", "valid_from", "valid_to"),
        is_portable=True,
    ),
    "identifiers": Section(
        Pair("Tessere e codici", "Cards and codes"),
        Pair("I numeri con cui la riconosciamo.", "The numbers by which we recognise you."),
        ("kind", "value", "source", "valid_from", "valid_to"),
        is_portable=True,
    ),
    "interests": Section(
        Pair("Che cosa le interessa", "What interests you"),
        Pair("Quello che ci ha detto, o che abbiamo capito.", "What you told us, or we understood."),
        is_portable=True,
    ),
    "tags": Section(
        Pair("Etichette", "Labels"), Pair("Parole messe da noi sulla scheda.", "Words we put on your card.")
    ),
    "notes": Section(
        Pair("Appunti", "Notes"),
        Pair("Scritti dal personale del negozio.", "Written by the staff of the shop."),
        ("written_at", "note", "by"),
    ),
    "consents": Section(
        Pair("Che cosa ha accettato e che cosa ha rifiutato", "What you agreed to and what you refused"),
        Pair(
            "Ogni risposta che ci ha dato, con la prova; i testi esatti sono qui sotto.",
            "Every answer you gave us, with its proof; the exact texts are below.",
        ),
        ("occurred_at", "purpose", "channel", "action", "method", "said_by", "notice", "notice_version"),
    ),
    "permissions": Section(
        Pair("Che cosa possiamo fare oggi, e perché", "What we may do today, and why"),
        Pair(
            "La decisione che vale in questo momento per ogni scopo e ogni mezzo.",
            "The decision that holds at this moment for each purpose and each channel.",
        ),
        ("purpose", "channel", "answer", "because"),
    ),
    "notices_received": Section(
        Pair("Informative ricevute", "Notices you received"),
        Pair("Quali testi le abbiamo dato, e quando.", "Which texts we gave you, and when."),
        ("received_at", "notice", "notice_version", "method"),
    ),
    "addresses_given_when_buying": Section(
        Pair("Recapiti dati con un acquisto", "Addresses given with a purchase"),
        Pair(
            "Per questi può ricevere email su prodotti simili, e può sempre dire di no.",
            "These may receive emails about similar products, and you can always refuse.",
        ),
    ),
    "messages": Section(
        Pair("Messaggi", "Messages"),
        Pair(
            "Che cosa le abbiamo scritto e perché; e che cosa non le abbiamo scritto.",
            "What we wrote to you and why; and what we did not.",
        ),
        ("planned_at", "channel", "subject", "purpose", "status", "because"),
    ),
    "openings": Section(
        Pair("Email aperte e collegamenti seguiti", "Emails opened and links followed"),
        Pair("Ciò che ci ha permesso di sapere delle nostre email.", "What you let us know about our emails."),
        ("at", "message", "act", "link", "by_a_machine"),
        is_portable=True,
    ),
    "replies": Section(
        Pair("Che cosa ci ha risposto", "What you answered us"),
        Pair("Le sue parole.", "In your own words."),
        is_portable=True,
    ),
    "inbound_texts": Section(
        Pair("Gli SMS che ci ha mandato", "Texts you sent us"),
        Pair("Parola per parola.", "Word for word."),
        ("received_at", "from", "text", "understood_as"),
        is_portable=True,
    ),
    "calls": Section(
        Pair("Telefonate", "Calls"),
        Pair("Quando l'abbiamo chiamata, e com'è andata.", "When we called you, and what came of it."),
        ("called_at", "outcome", "result", "call_back_at", "note"),
    ),
    "letters": Section(
        Pair("Lettere su carta", "Letters on paper"),
        Pair("Quando le abbiamo scritto per posta, e che cosa è tornato indietro.",
             "When we wrote to you by post, and what came back."),
        ("posted_at", "code", "address", "returned_at", "returned_because"),
    ),
    "inbound_mails": Section(
        Pair("Email tornate indietro", "Mail that came back"),
        Pair(
            "Che cosa ci hanno detto i server di posta dei nostri messaggi, e quando ci ha scritto.",
            "What mail servers told us of our messages, and when you wrote to us.",
        ),
        ("received_at", "kind", "status_code", "said_by_the_server"),
    ),
    "confirmations": Section(
        Pair("Conferme chieste", "Confirmations asked for"),
        Pair(
            "Quando le abbiamo chiesto se un recapito era suo.", "When we asked you whether an address was yours."
        ),
    ),
    "disclosures": Section(
        Pair("A chi abbiamo dato i suoi dati", "Whom we gave your data to"),
        Pair("Con il suo consenso, a questi destinatari.", "With your consent, to these recipients."),
        ("given_at", "recipient", "category", "country", "use", "fields"),
    ),
    "purchases": Section(
        Pair("Acquisti", "Purchases"),
        Pair("Ogni scontrino e ogni reso.", "Every receipt and every return."),
        ("occurred_at", "receipt", "kind", "store", "payment", "total_minor"),
        is_portable=True,
    ),
    "purchase_lines": Section(
        Pair("Che cosa ha comprato", "What you bought"),
        Pair("Riga per riga.", "Line by line."),
        ("receipt", "product", "quantity", "discount_minor", "total_minor"),
        is_portable=True,
    ),
    "purchase_archive": Section(
        Pair("Acquisti in archivio", "Archived purchases"),
        Pair("Acquisti più vecchi, conservati a parte.", "Older purchases, kept apart."),
        is_portable=True,
    ),
    "opening_balances": Section(
        Pair("Punti di una tessera precedente", "Points of an earlier card"),
        Pair("Quanto c'era quando la tessera è passata qui.", "What was there when the card came here."),
        is_portable=True,
    ),
    "holds": Section(
        Pair("Acquisti che dobbiamo conservare", "Purchases we must keep"),
        Pair("Per una fattura, una garanzia o una controversia.", "For an invoice, a warranty or a dispute."),
    ),
    "purchase_profile": Section(
        Pair("Che cosa risulta dai suoi acquisti", "What your purchases add up to"),
        Pair("Somme, in tutto e per categoria.", "Sums, in all and by category."),
        ("category", "purchases", "returns", "spent_minor", "first_visit", "last_visit", "days_with_a_visit"),
    ),
    "scores": Section(
        Pair("Che cosa ne calcoliamo", "What we compute from it"),
        Pair(
            "Dai giorni dei suoi acquisti: ogni quanto torna di solito, quando è probabile la prossima volta e "
            "quanto è probabile. Nessuna decisione con effetti giuridici dipende da questi numeri.",
            "From the days of your purchases: how often you usually return, when the next time is likely, and how "
            "likely it is. No decision with legal effect depends on these figures.",
        ),
        ("category", "stage", "usually_returns_on", "likely_from", "likely_to", "chance_of_returning",
         "expected_purchase_minor", "as_of"),
    ),
    "segments": Section(
        Pair("Gruppi di cui fa parte oggi", "Groups you are in today"),
        Pair("La regola di ciascuno, e perché lei vi rientra.", "The rule of each, and why you fit it."),
        ("name", "rule", "because"),
    ),
    "recalls": Section(
        Pair("Promemoria", "Reminders"),
        Pair("Le occasioni in cui pensavamo di scriverle.", "The occasions on which we meant to write to you."),
        ("kind", "occasion", "on", "was_reached", "until"),
    ),
    "card_quality": Section(
        Pair("Completezza della scheda", "How complete your card is"),
        Pair("Quanto è completa e quando è stata confermata.", "How complete it is and when it was confirmed."),
    ),
    "opposition_register": Section(
        Pair("Registro delle opposizioni", "Opposition register"),
        Pair(
            "Che cosa ha risposto il Registro pubblico quando lo abbiamo consultato.",
            "What the public register answered when we asked.",
        ),
    ),
    "imported_rows": Section(
        Pair("Da quali file vengono i dati", "Which files the data came from"),
        Pair("Le righe di elenchi che parlavano di lei.", "Rows of lists that spoke of you."),
        ("applied_at", "file", "source", "row", "outcome"),
    ),
    "merged_cards": Section(
        Pair("Schede riunite", "Cards put together"),
        Pair("Quando abbiamo capito che due schede erano sue.", "When we understood that two cards were yours."),
    ),
    "restrictions": Section(
        Pair("Blocchi dell'uso dei dati", "Stops to the use of data"),
        Pair("Quando e perché i dati sono stati fermati.", "When and why the data were frozen."),
    ),
    "death_reports": Section(
        Pair("Segnalazioni di decesso", "Reports of death"), Pair("Chi le ha fatte, e quando.", "Who made them.")
    ),
    "requests": Section(
        Pair("Le sue richieste", "Your requests"),
        Pair("Che cosa ci ha chiesto sui suoi dati, e la risposta.", "What you asked about your data, and our answer."),
        ("received_on", "kind", "channel", "state", "due_on", "outcome", "answer_reason"),
    ),
    "readers": Section(
        Pair("Chi ha aperto la sua scheda", "Who opened your card"),
        Pair("Per ruolo, senza nomi.", "By role, without names."),
        ("who", "act", "times", "first_at", "last_at"),
    ),
    "acts": Section(
        Pair("Registro delle operazioni", "Log of acts"),
        Pair("Ogni operazione sulla sua scheda, una riga ciascuna.", "Every act on your card, one row each."),
        is_listed=False,
    ),
    "tasks": Section(
        Pair("Cose da fare", "Things to do"),
        Pair("Che cosa il personale doveva fare per lei.", "What the staff had to do about you."),
    ),
    "sources": Section(
        Pair("Da dove vengono i dati", "Where the data come from"),
        Pair("Le fonti che risultano dalla sua scheda.", "The sources that stand on your card."),
        ("source", "what", "times"),
    ),
    "processing": Section(
        Pair("Perché trattiamo i suoi dati, e per quanto", "Why we process your data, and for how long"),
        Pair(
            "Scopi, basi giuridiche, destinatari e termini, come nel nostro registro.",
            "Purposes, legal bases, recipients and terms, as in our register.",
        ),
        ("name", "aim", "data", "legal_bases", "recipients", "transfers", "retention"),
        is_prose=True,
    ),
    "retention": Section(
        Pair("Per quanto conserviamo i dati", "How long we keep the data"),
        Pair("Alla fine del termine si cancellano da soli.", "At the end of the term they go by themselves."),
        ("what", "period"),
    ),
    "processors": Section(
        Pair("Chi tratta i dati per noi", "Who processes the data for us"),
        Pair("Fornitori vincolati da un contratto.", "Suppliers bound by a contract."),
        ("name", "service", "country", "transfer", "sub_processors"),
    ),
}  # fmt: skip

RIGHTS = {
    "it": (
        "Può vedere, correggere, cancellare, limitare o portare altrove i suoi dati, e opporsi al loro uso.",
        "Può ritirare un consenso in ogni momento, con la stessa facilità con cui l'ha dato.",
        "Nessuna decisione che la riguardi è presa solo da un calcolatore.",
        "Basta scriverci: {contact}.",
        (
            "Se pensa che sbagliamo, può rivolgersi al Garante per la protezione dei dati personali "
            "(www.garanteprivacy.it) o a un giudice."
        ),
    ),
    "en": (
        "You may ask to see, correct, erase, restrict or move your data, and object to their use.",
        "You may withdraw a consent at any time, as easily as you gave it.",
        "No decision about you is taken by a computer alone.",
        "Just write to us: {contact}.",
        (
            "If you think we are wrong, you may complain to the Italian data protection authority, the Garante per "
            "la protezione dei dati personali (www.garanteprivacy.it), or go to court."
        ),
    ),
}

FRAME: dict[str, Pair] = {
    "ACCESS": Pair("I suoi dati presso {shop}", "Your data at {shop}"),
    "PORTABILITY": Pair("I suoi dati da portare con sé", "Your data to take with you"),
    "lead_ACCESS": Pair(
        "Questo è tutto quello che {shop} conserva di lei il {day}. Lo stesso contenuto è nei file accanto: data.json, "
        "per le macchine, e un file CSV per ogni capitolo.",
        "This is everything {shop} keeps about you on {day}. The same is in the files beside this page: data.json for "
        "machines, one CSV file for each chapter.",
    ),
    "lead_PORTABILITY": Pair(
        "Questi sono i dati che lei ha dato a {shop}, o che nascono dai suoi acquisti, il {day}. Sono in data.json e "
        "in file CSV che un altro servizio può leggere.",
        "These are the data you gave to {shop}, or that your purchases made, on {day}. They are in data.json and in "
        "CSV files that another service can read.",
    ),
    "contents": Pair("Indice", "Contents"),
    "rights": Pair("I suoi diritti", "Your rights"),
    "texts": Pair("I testi che ha letto", "The texts you read"),
    "version": Pair("versione {number}", "version {number}"),
    "nothing": Pair("Niente.", "Nothing."),
    "more": Pair(
        "Qui le prime {shown} righe di {count}; tutte sono in {file}.",
        "Here the first {shown} rows of {count}; all of them are in {file}.",
    ),
    "only_file": Pair("{count} righe, nel file {file}.", "{count} rows, in the file {file}."),
    "copy": Pair("Copia n. {number}: la prima è gratuita.", "Copy no. {number}: the first one is free."),
    "copy_1": Pair("Prima copia, gratuita.", "First copy, free of charge."),
    "more_people": Pair(
        "Dei dati di altre persone qui non c'è nulla; il personale è indicato solo per ruolo.",
        "Nothing here is about other people; staff are named by their role only.",
    ),
    "shared": Pair(
        "Il recapito è in comune con un'altra persona, e per scriverle serve il sì di entrambi.",
        "The address is shared with another person, and writing to it needs a yes from both.",
    ),
    "footer": Pair("{shop} · preparato il {day}", "{shop} · prepared on {day}"),
    "yes": Pair("sì", "yes"),
    "no": Pair("no", "no"),
    "whole": Pair("in tutto", "in all"),
    "any": Pair("ogni mezzo", "every channel"),
}

LABELS: dict[str, Pair] = {
    "acquisition_source": Pair("arrivato da", "came through"),
    "act": Pair("che cosa", "what"),
    "action": Pair("risposta", "answer"),
    "activities": Pair("attività", "activities"),
    "aim": Pair("a che scopo", "to what end"),
    "amount_minor": Pair("importo", "amount"),
    "answer": Pair("possiamo?", "may we?"),
    "answer_reason": Pair("motivo", "reason"),
    "applied_at": Pair("caricato il", "loaded on"),
    "as_given": Pair("come scritto", "as given"),
    "as_of": Pair("calcolato il", "computed on"),
    "asked_at": Pair("chiesto il", "asked on"),
    "address": Pair("indirizzo", "address"),
    "because": Pair("perché", "because"),
    "birth_on": Pair("data di nascita", "date of birth"),
    "bounced_at": Pair("respinto il", "bounced on"),
    "brand": Pair("marca", "brand"),
    "by": Pair("da chi", "by whom"),
    "by_a_machine": Pair("da un programma", "by a machine"),
    "call_back_at": Pair("da richiamare", "to be called again"),
    "called_at": Pair("quando", "when"),
    "card": Pair("tessera", "card"),
    "category": Pair("categoria", "category"),
    "certainty": Pair("verifica", "verified"),
    "chance_of_returning": Pair("probabilità che torni", "chance of returning"),
    "channel": Pair("mezzo", "channel"),
    "city": Pair("città", "town"),
    "closed_at": Pair("chiusa il", "closed on"),
    "complained_at": Pair("segnalato il", "complained on"),
    "confirmed_on": Pair("confermata il", "confirmed on"),
    "contact": Pair("recapito", "contact"),
    "could_refuse_at": Pair("poteva rifiutare dal", "could refuse from"),
    "country": Pair("paese", "country"),
    "created_at": Pair("creata il", "created on"),
    "currency": Pair("valuta", "currency"),
    "dataset": Pair("archivio", "archive"),
    "data": Pair("quali dati", "which data"),
    "day": Pair("giorno", "day"),
    "days_with_a_visit": Pair("giorni con una visita", "days with a visit"),
    "deceased_at": Pair("decesso", "deceased"),
    "discount_minor": Pair("sconto", "discount"),
    "done_at": Pair("fatto il", "done on"),
    "due_on": Pair("risposta dovuta entro", "answer due by"),
    "evidence": Pair("prove", "proof"),
    "expected_purchase_minor": Pair("spesa attesa", "expected purchase"),
    "extended_on": Pair("prorogata il", "extended on"),
    "extension_reason": Pair("motivo della proroga", "reason of the extension"),
    "family_name": Pair("cognome", "family name"),
    "fields": Pair("quali dati", "which data"),
    "file": Pair("file", "file"),
    "first_at": Pair("prima volta", "first time"),
    "first_contact_on": Pair("primo contatto", "first contact"),
    "first_visit": Pair("prima visita", "first visit"),
    "found_wrong_at": Pair("trovato sbagliato il", "found wrong on"),
    "gender": Pair("genere", "gender"),
    "given_at": Pair("dati il", "given on"),
    "given_name": Pair("nome", "given name"),
    "identity_method": Pair("identità verificata con", "identity checked by"),
    "interest": Pair("interesse", "interest"),
    "is_main": Pair("principale", "main"),
    "is_minor_flagged": Pair("segnalato come minorenne", "marked as under age"),
    "is_proven": Pair("provato", "proven"),
    "kind": Pair("tipo", "kind"),
    "language": Pair("lingua", "language"),
    "last_at": Pair("ultima volta", "last time"),
    "last_visit": Pair("ultima visita", "last visit"),
    "learnt_at": Pair("saputo il", "learnt on"),
    "legal_bases": Pair("base giuridica", "legal basis"),
    "legal_basis": Pair("base giuridica", "legal basis"),
    "lifted_at": Pair("tolto il", "lifted on"),
    "likely_from": Pair("probabile dal", "likely from"),
    "likely_to": Pair("probabile fino al", "likely until"),
    "line": Pair("riga", "line"),
    "link": Pair("collegamento", "link"),
    "listed_since": Pair("iscritto dal", "listed since"),
    "logic": Pair("come si calcola", "how it is computed"),
    "merged_at": Pair("riunite il", "put together on"),
    "message": Pair("messaggio", "message"),
    "method": Pair("come", "how"),
    "name": Pair("nome", "name"),
    "note": Pair("testo", "text"),
    "notice": Pair("informativa", "notice"),
    "notice_version": Pair("versione", "version"),
    "occasion": Pair("occasione", "occasion"),
    "occurred_at": Pair("quando", "when"),
    "on": Pair("giorno", "day"),
    "opened_at": Pair("aperto il", "opened on"),
    "order": Pair("ordine", "order"),
    "outcome": Pair("esito", "outcome"),
    "payment": Pair("pagamento", "payment"),
    "period": Pair("per quanto", "how long"),
    "planned_at": Pair("quando", "when"),
    "points": Pair("punti", "points"),
    "product": Pair("prodotto", "product"),
    "purchases": Pair("acquisti", "purchases"),
    "purpose": Pair("scopo", "purpose"),
    "quantity": Pair("quantità", "quantity"),
    "posted_at": Pair("spedita il", "posted on"),
    "prepared_at": Pair("preparata il", "prepared on"),
    "reason": Pair("motivo", "reason"),
    "receipt": Pair("scontrino", "receipt"),
    "received_at": Pair("ricevuta il", "received on"),
    "received_on": Pair("ricevuta il", "received on"),
    "recipient": Pair("destinatario", "recipient"),
    "recipients": Pair("destinatari", "recipients"),
    "recorded_at": Pair("registrato il", "recorded on"),
    "register": Pair("registro", "register"),
    "register_checked_at": Pair("registro delle opposizioni controllato", "opposition register checked"),
    "remarks": Pair("osservazioni", "remarks"),
    "restricted_at": Pair("limitata dal", "restricted since"),
    "result": Pair("risposta", "answer"),
    "retention": Pair("per quanto", "how long"),
    "returns": Pair("resi", "returns"),
    "row": Pair("riga", "row"),
    "rule": Pair("regola", "rule"),
    "said_by": Pair("detto da", "said by"),
    "score": Pair("punteggio", "score"),
    "sent_at": Pair("inviato il", "sent on"),
    "separated_at": Pair("separate il", "separated on"),
    "service": Pair("servizio", "service"),
    "since": Pair("dal", "since"),
    "source": Pair("provenienza", "source"),
    "spending_capacity": Pair("capacità di spesa", "spending capacity"),
    "spent_minor": Pair("spesa", "spent"),
    "stage": Pair("fase", "stage"),
    "state": Pair("stato", "state"),
    "returned_at": Pair("tornata il", "came back on"),
    "returned_because": Pair("perché è tornata", "why it came back"),
    "status": Pair("esito", "outcome"),
    "store": Pair("negozio", "shop"),
    "sub_processors": Pair("fornitori del fornitore", "suppliers of theirs"),
    "subject": Pair("oggetto", "subject"),
    "subject_type": Pair("persona o azienda", "person or company"),
    "tag": Pair("etichetta", "label"),
    "task": Pair("che cosa", "what"),
    "text": Pair("testo", "text"),
    "times": Pair("volte", "times"),
    "timezone": Pair("fuso orario", "time zone"),
    "total_minor": Pair("totale", "total"),
    "transfer": Pair("trasferimento", "transfer"),
    "transfers": Pair("fuori dall'Unione", "outside the Union"),
    "until": Pair("fino al", "until"),
    "updated_at": Pair("aggiornata il", "updated on"),
    "use": Pair("per quale uso", "for what use"),
    "usually_returns_on": Pair("di solito torna il", "usually returns on"),
    "valid_from": Pair("dal", "from"),
    "valid_to": Pair("fino al", "until"),
    "status_code": Pair("codice", "code"),
    "said_by_the_server": Pair("parole del server", "words of the server"),
    "value": Pair("valore", "value"),
    "was_reached": Pair("raggiunto", "reached"),
    "what": Pair("che cosa", "what"),
    "who": Pair("chi", "who"),
    "wish": Pair("richiesta", "request"),
    "written_at": Pair("scritto il", "written on"),
}

CODES: dict[str, Pair] = {
    # purposes
    "SERVICE": Pair("avvisi di servizio", "service notices"),
    "LEGAL_SAFETY": Pair("sicurezza e obblighi di legge", "safety and legal duties"),
    "LOYALTY": Pair("tessera fedeltà", "loyalty card"),
    "MKT_OWN": Pair("offerte e novità nostre", "our offers and news"),
    "PROFILING": Pair("usare i suoi acquisti", "using your purchases"),
    "THIRD_PARTY": Pair("dare i dati ad altri", "giving data to others"),
    "MARKET_RESEARCH": Pair("sondaggi", "surveys"),
    "STATS_AGG": Pair("statistiche anonime", "anonymous statistics"),
    "TRACK_OPEN": Pair("sapere se apre le email", "knowing whether you open emails"),
    "TRACK_CLICK": Pair("sapere che cosa preme", "knowing what you click"),
    "SPECIAL_CAT": Pair("dati particolari", "special categories"),
    # channels and kinds of contact
    "EMAIL": Pair("email", "email"),
    "SMS": Pair("SMS", "text message"),
    "WHATSAPP": Pair("WhatsApp", "WhatsApp"),
    "PUSH": Pair("notifica", "notification"),
    "PHONE_OPERATOR": Pair("telefonata", "phone call"),
    "PHONE_AUTO": Pair("chiamata automatica", "automatic call"),
    "POST": Pair("posta", "post"),
    "FAX": Pair("fax", "fax"),
    "PHONE": Pair("telefono", "phone"),
    "POSTAL": Pair("indirizzo", "postal address"),
    "CARD": Pair("tessera", "card"),
    "EXTERNAL": Pair("codice di un altro sistema", "code of another system"),
    "FISCAL": Pair("codice fiscale", "tax code"),
    "UNVERIFIED": Pair("non verificato", "not verified"),
    "DELIVERED_OK": Pair("un avviso è arrivato", "a notice arrived"),
    "CONFIRMED": Pair("confermato da lei", "confirmed by you"),
    # the ledger of consents
    "GRANT": Pair("sì", "yes"),
    "GRANT_PENDING": Pair("sì, da confermare", "yes, to be confirmed"),
    "DENY": Pair("no", "no"),
    "WITHDRAW": Pair("ritirato", "withdrawn"),
    "OBJECT": Pair("opposizione", "objection"),
    "INVALIDATE": Pair("annullato", "made void"),
    "EXPIRE": Pair("scaduto", "expired"),
    "SUBJECT": Pair("lei", "you"),
    "PARENT": Pair("un genitore", "a parent"),
    "STAFF": Pair("personale", "staff"),
    "IMPORT": Pair("elenco caricato", "list loaded"),
    "SYSTEM": Pair("il programma", "the system"),
    "REGISTRY": Pair("Registro pubblico", "public register"),
    "WEB": Pair("sito", "web"),
    "POS_TABLET": Pair("tavoletta in negozio", "tablet in the shop"),
    "POS_PAPER": Pair("modulo firmato", "signed form"),
    "PHONE_REC": Pair("telefonata registrata", "recorded call"),
    "EMAIL_LINK": Pair("collegamento in una email", "link in an email"),
    "LIST_UNSUB_POST": Pair("tasto del programma di posta", "button of the mail program"),
    "SMS_KEYWORD": Pair("risposta a un SMS", "answer to a text"),
    "LETTER": Pair("lettera", "letter"),
    "PEC": Pair("PEC", "certified mail"),
    "API": Pair("altro programma", "another program"),
    "RPO": Pair("Registro delle opposizioni", "opposition register"),
    "ORAL": Pair("a voce", "by word of mouth"),
    "CONSENT_6_1_A": Pair("consenso", "consent"),
    "EXPLICIT_9_2_A": Pair("consenso esplicito", "explicit consent"),
    "SOFT_OPTIN_130_4": Pair("email su prodotti simili (art. 130, c. 4)", "email on similar products (art. 130(4))"),
    "CONTRACT_6_1_B": Pair("contratto", "contract"),
    "PRECONTRACT_6_1_B": Pair("una sua richiesta", "a request of yours"),
    "LEGAL_OBL_6_1_C": Pair("obbligo di legge", "legal obligation"),
    "VITAL_6_1_D": Pair("interessi vitali", "vital interests"),
    "LEGIT_INT_6_1_F": Pair("legittimo interesse", "legitimate interest"),
    "NONE": Pair("nessuna", "none"),
    "ALLOW": Pair("sì", "yes"),
    "DEFER": Pair("più tardi", "later"),
    "REVIEW": Pair("lo decide una persona", "a person decides"),
    # cards and purchases
    "PERSON": Pair("persona", "person"),
    "COMPANY": Pair("azienda", "company"),
    "FEMALE": Pair("donna", "female"),
    "MALE": Pair("uomo", "male"),
    "OTHER": Pair("altro", "other"),
    "LOW": Pair("bassa", "low"),
    "MEDIUM": Pair("media", "medium"),
    "HIGH": Pair("alta", "high"),
    "ORDER": Pair("un ordine", "an order"),
    "QUESTIONNAIRE": Pair("un questionario", "a questionnaire"),
    "REGISTRATION": Pair("una registrazione", "a registration"),
    "CONTEST": Pair("un concorso", "a contest"),
    "REQUEST": Pair("una richiesta", "an enquiry"),
    "WARRANTY": Pair("una garanzia", "a warranty"),
    "BROADCAST": Pair("pubblicità", "advertising"),
    "FILE": Pair("un elenco", "a list"),
    "SALE": Pair("acquisto", "purchase"),
    "RETURN": Pair("reso", "return"),
    "TAX": Pair("fattura", "invoice"),
    "DISPUTE": Pair("controversia", "dispute"),
    # messages
    "planned": Pair("previsto", "planned"),
    "queued": Pair("in attesa", "waiting"),
    "deferred": Pair("rimandato", "deferred"),
    "sending": Pair("in partenza", "leaving"),
    "sent": Pair("inviato", "sent"),
    "opened": Pair("aperta", "opened"),
    "followed": Pair("collegamento seguito", "link followed"),
    "delivered": Pair("arrivato", "delivered"),
    "bounced": Pair("respinto", "bounced"),
    "failed": Pair("non riuscito", "failed"),
    "skipped": Pair("non inviato", "not sent"),
    "control": Pair("non inviato, per misurare", "not sent, for measuring"),
    "cancelled": Pair("annullato", "cancelled"),
    "unknown": Pair("incerto", "uncertain"),
    "none": Pair("nessuna", "none"),
    "new": Pair("nuovo", "new"),
    "active": Pair("attivo", "active"),
    "due": Pair("atteso", "due"),
    "late": Pair("in ritardo", "late"),
    "at_risk": Pair("a rischio", "at risk"),
    "lost": Pair("perso", "lost"),
    "occasion": Pair("occasione", "occasion"),
    "dismissal": Pair("rinvio", "put off"),
    # requests
    "ACCESS": Pair("accesso", "access"),
    "PORTABILITY": Pair("portabilità", "portability"),
    "RECTIFICATION": Pair("rettifica", "correction"),
    "ERASURE": Pair("cancellazione", "erasure"),
    "RESTRICTION": Pair("limitazione", "restriction"),
    "OBJECTION": Pair("opposizione", "objection"),
    "DESK": Pair("in negozio", "in the shop"),
    "GRANTED": Pair("accolta", "granted"),
    "PARTLY": Pair("accolta in parte", "granted in part"),
    "REFUSED": Pair("non accolta", "refused"),
    "ADDRESSEE_UNKNOWN": Pair("destinatario sconosciuto", "addressee unknown"),
    "ADDRESSEE_MOVED": Pair("destinatario trasferito", "addressee moved"),
    "ADDRESS_INCOMPLETE": Pair("indirizzo incompleto", "address incomplete"),
    "LETTER_REFUSED": Pair("lettera rifiutata", "letter refused"),
    "ADDRESSEE_DECEASED": Pair("destinatario deceduto", "addressee deceased"),
    "received": Pair("ricevuta", "received"),
    "identity_pending": Pair("in attesa di conferma", "waiting for confirmation"),
    "in_progress": Pair("in corso", "in progress"),
    "answered": Pair("risposta data", "answered"),
    "withdrawn": Pair("ritirata", "taken back"),
    "open": Pair("aperto", "open"),
    "done": Pair("fatto", "done"),
    "IN_EEA": Pair("nell'Unione europea", "in the European Union"),
    "ADEQUACY": Pair("decisione di adeguatezza", "adequacy decision"),
    "DPF": Pair("accordo UE-USA (DPF)", "EU-US framework (DPF)"),
    "SCC": Pair("clausole contrattuali tipo", "standard contractual clauses"),
    "BCR": Pair("norme vincolanti d'impresa", "binding corporate rules"),
    "DEROGATION": Pair("deroga", "derogation"),
    # who
    "owner": Pair("titolare del negozio", "owner of the shop"),
    "marketer": Pair("marketing", "marketing"),
    "cashier": Pair("cassa", "counter"),
    "analyst": Pair("analisi", "analyst"),
    "privacy_officer": Pair("responsabile privacy", "privacy officer"),
    "user": Pair("personale", "staff"),
    "customer.read": Pair("scheda aperta", "card opened"),
    "customer.listed": Pair("vista in un elenco", "seen in a list"),
    "customer.downloaded": Pair("scaricata in un file", "downloaded in a file"),
    "privacy_pack.downloaded": Pair("pacchetto dei dati scaricato", "pack of data downloaded"),
    "token": Pair("un programma collegato", "a connected program"),
    "system": Pair("il programma, da solo", "the system by itself"),
    "subject": Pair("lei", "you"),
    "staff": Pair("personale", "staff"),
    "self": Pair("lei", "you"),
    "card": Pair("tessera", "card"),
    # calls
    "REACHED": Pair("le abbiamo parlato", "we spoke with you"),
    "NO_ANSWER": Pair("nessuna risposta", "no answer"),
    "BUSY": Pair("occupato", "busy"),
    "VOICEMAIL": Pair("segreteria", "voicemail"),
    "WRONG_NUMBER": Pair("numero di un'altra persona", "somebody else's number"),
    "CALL_BACK": Pair("richiamare", "call back"),
    "OBJECTED": Pair("opposizione annotata", "objection noted"),
    "ASKED_SOURCE": Pair("ha chiesto da dove viene il numero", "asked where the number comes from"),
    "INTERESTED": Pair("interesse", "interested"),
    "BOOKED": Pair("appuntamento", "appointment"),
    "NOT_INTERESTED": Pair("nessun interesse", "not interested"),
    "bounce": Pair("tornata indietro", "came back"),
    "complaint": Pair("segnalata come indesiderata", "reported as unwanted"),
    "unsubscribe": Pair("disiscrizione", "unsubscription"),
    "reply": Pair("risposta", "reply"),
    "auto_reply": Pair("risposta automatica", "automatic reply"),
    "notice": Pair("avviso del server", "notice from the server"),
    "unattributed": Pair("riconosciuta da una persona", "recognised by a person"),
    "created": Pair("creata", "created"),
    "updated": Pair("aggiornata", "updated"),
    "unchanged": Pair("uguale", "unchanged"),
    "rejected": Pair("scartata", "rejected"),
}

NAMES: dict[str, dict[str, Pair]] = {
    "language": {
        "it": Pair("italiano", "Italian"), "en": Pair("inglese", "English"), "fr": Pair("francese", "French"),
        "de": Pair("tedesco", "German"), "es": Pair("spagnolo", "Spanish"),
    },
    "country": {
        "IT": Pair("Italia", "Italy"), "SM": Pair("San Marino", "San Marino"), "CH": Pair("Svizzera", "Switzerland"),
        "FR": Pair("Francia", "France"), "DE": Pair("Germania", "Germany"), "AT": Pair("Austria", "Austria"),
        "ES": Pair("Spagna", "Spain"), "IE": Pair("Irlanda", "Ireland"), "NL": Pair("Paesi Bassi", "Netherlands"),
        "GB": Pair("Regno Unito", "United Kingdom"), "US": Pair("Stati Uniti", "United States"),
    },
}  # fmt: skip
"""Languages and countries a shop in Italy meets most; another stands under its code."""

ENDINGS: dict[str, Pair] = {
    "SHARED_ADDRESS": Pair(
        "Una copia sola è andata al recapito in comune", "A single copy went to the address that is shared"
    ),
    "UNFIT_ADDRESS": Pair("Il recapito non si può usare", "The address cannot be used"),
    "TEMPLATE_BROKEN": Pair("Il testo non si è potuto comporre", "The text could not be put together"),
    "GAVE_UP": Pair("Rifiutato troppe volte per ora", "Refused for now, too many times"),
    "REFUSED_BY_SERVER": Pair("Rifiutato dal server di posta", "Refused by the mail server"),
    "RETURNED": Pair("La posta ha reso la lettera", "The post brought the letter back"),
    "SOFT_BOUNCE": Pair("La casella era piena o irraggiungibile", "The mailbox was full or out of reach"),
    "NOT_RECEIVED": Pair("Non è arrivato", "It did not arrive"),
    "NO_ANSWER": Pair("Al telefono non ha risposto nessuno", "Nobody answered the telephone"),
    "WRONG_NUMBER": Pair("Il numero è di un'altra persona", "The number is somebody else's"),
    "CALL_BACK": Pair("Da richiamare all'ora chiesta", "To be called again at the hour asked for"),
}
"""Why a message ended badly, beside the reasons of the gate."""

CODED = frozenset({
    "act", "purpose", "channel", "kind", "certainty", "action", "said_by", "method", "legal_basis", "legal_bases",
    "answer", "subject_type", "gender", "spending_capacity", "acquisition_source", "status", "stage", "state",
    "outcome", "result", "returned_because", "who", "by", "source", "register", "what", "transfer",
})  # fmt: skip
"""Columns whose values are codes of ours; in every other column a text is what it is."""


def label(key: str, language: str) -> str:
    """Return what a column is called."""
    return LABELS[key].in_(language) if key in LABELS else key.removesuffix("_minor").replace("_", " ")


def section_of(code: str) -> Section:
    """Return how a section is told; one nobody has words for yet stands under its own name."""
    return SECTIONS.get(code) or Section(Pair(*(code.replace("_", " ").capitalize(),) * 2), Pair("", ""))


def frame(key: str, language: str, **values: object) -> str:
    """Return a sentence of the pack itself."""
    return FRAME[key].in_(language).format(**values)


ORDER = {code: place for place, code in enumerate(SECTIONS)}
