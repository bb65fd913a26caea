"""The words of the person's own page, in Italian and English; a text that is answered is quoted, never written here."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from ritorno.consents.layout import spoken
from ritorno.consents.models import NoticeVersion
from ritorno.consents.rules import Channel, Purpose
from ritorno.kit.dates import long_date


class Copy(NamedTuple):
    """The words of one language."""

    heading: str
    intro: str
    choices: str
    purposes: dict[Purpose, str]
    to_recipient: str
    channels: dict[Channel, str]
    whole: str
    yes: str
    no: str
    waiting: str
    soft: str
    quoted: str
    minor: str
    restricted: str
    save: str
    stop: str
    stop_detail: str
    data: str
    data_closed: str
    send_link: str
    labels: dict[str, str]
    hints: dict[str, str]
    optional: str
    birth_fixed: str
    unconfirmed: str
    languages: dict[str, str]
    save_data: str
    holders: str
    holders_none: str
    rights: str
    rights_detail: str
    requests: dict[str, str]
    code: str
    code_detail: str
    code_button: str
    code_again: str
    opens: str
    opens_detail: str
    sent: str
    saved: str
    nothing: str
    waits_for_mail: str
    code_sent: str
    code_right: str
    code_wrong: str
    code_over: str
    stopped: str
    asked: str
    faults: str
    fault: dict[str, str]
    error: str
    gone: str
    gone_detail: str
    silent: str
    silent_detail: str
    leave_empty: str
    paper: str
    paper_intro: str
    paper_version: str
    paper_name: str
    paper_date: str
    paper_signature: str
    paper_staff: str
    paper_rights: str
    paper_qr: str


_COPY = {
    "it": Copy(
        heading="Le sue preferenze",
        intro="Decide lei. Ogni scelta vale da subito e si può cambiare quando vuole, gratis.",
        choices="Che cosa possiamo fare",
        purposes={
            Purpose.MKT_OWN: "Offerte e novità",
            Purpose.PROFILING: "Usare i miei acquisti",
            Purpose.MARKET_RESEARCH: "Sondaggi",
            Purpose.THIRD_PARTY: "Dare i miei dati ad altri",
            Purpose.TRACK_OPEN: "Sapere se apro le email",
            Purpose.TRACK_CLICK: "Sapere che cosa guardo nelle email",
        },
        to_recipient="Dare i miei dati a {name}",
        channels={
            Channel.EMAIL: "Email",
            Channel.SMS: "SMS",
            Channel.WHATSAPP: "WhatsApp",
            Channel.PHONE_OPERATOR: "Telefono",
            Channel.POST: "Posta",
        },
        whole="La sua scelta",
        yes="sì",
        no="no",
        waiting="In attesa della sua conferma",
        soft="Ora le scriviamo di prodotti simili ai suoi acquisti, finché non dice no",
        quoted="Sotto ogni titolo c'è il testo a cui dice sì o no.",
        minor="Alla sua età alcune scelte non si fanno da qui. Venga con un genitore: ne parliamo volentieri.",
        restricted="I suoi dati sono bloccati, come ha chiesto: può dire no, non sì.",
        save="Salva le scelte",
        stop="Fermare tutto",
        stop_detail="Un solo clic: niente più offerte, sondaggi, uso degli acquisti, in nessun modo.",
        data="I miei dati",
        data_closed=(
            "Per vedere e correggere i dati serve un collegamento fresco, che mandiamo solo al suo indirizzo: "
            "i messaggi si inoltrano, i dati no."
        ),
        send_link="Mandatemi un collegamento",
        labels={
            "given_name": "Nome",
            "family_name": "Cognome",
            "birth_on": "Data di nascita",
            "language": "Lingua dei messaggi",
            "email": "Email",
            "phone": "Telefono",
            "street": "Via e numero",
            "postal_code": "CAP",
            "city": "Città",
            "province": "Provincia",
            "country": "Paese",
        },
        hints={"birth_on": "Anno-mese-giorno, per esempio 1984-05-12", "country": "Due lettere, per esempio IT"},
        optional="facoltativo",
        birth_fixed="Per correggere la data di nascita ci scriva o passi in negozio.",
        unconfirmed="Indirizzo nuovo, in attesa di conferma: le abbiamo scritto lì.",
        languages={"it": "Italiano", "en": "Inglese"},
        save_data="Salva i dati",
        holders="Chi ha ricevuto i miei dati",
        holders_none="Nessuno: non li abbiamo dati ad altri.",
        rights="Altre richieste",
        rights_detail="Risponde una persona, di solito entro 20 giorni e mai oltre un mese.",
        requests={
            "ACCESS": "Scaricare una copia dei miei dati",
            "PORTABILITY": "Avere i dati per portarli altrove",
            "OBJECTION": "Oppormi all'uso dei miei dati",
            "ERASURE": "Cancellare i miei dati",
        },
        code="Codice ricevuto per SMS",
        code_detail="Le abbiamo mandato sei cifre: valgono dieci minuti.",
        code_button="Conferma il numero",
        code_again="Mandatemi un altro codice",
        opens="È la sua pagina?",
        opens_detail=(
            "Questo collegamento non basta più, o non è arrivato al suo indirizzo. "
            "Le mandiamo un collegamento nuovo, all'indirizzo email che abbiamo."
        ),
        sent="Se abbiamo il suo indirizzo email, tra poco arriva il collegamento. Altrimenti ci scriva: {contact}.",
        saved="Salvato. Vale da subito.",
        nothing="Era già così: non è cambiato nulla.",
        waits_for_mail="Manca un passo: le abbiamo scritto per confermare. Il sì vale dopo la conferma.",
        code_sent="Manca un passo: scriva qui sotto il codice che le abbiamo mandato per SMS.",
        code_right="Grazie, il numero è confermato.",
        code_wrong="Il codice non è giusto.",
        code_over="Questo codice non vale più. Ne chieda uno nuovo.",
        stopped="Fatto. Abbiamo fermato tutto, da subito.",
        asked="Richiesta ricevuta. Risponderemo entro il {day}.",
        faults="Controlli questi campi",
        fault={
            "given_name": "Il nome è troppo lungo.",
            "family_name": "Il cognome è troppo lungo.",
            "birth_on": "Scriva una data possibile, come 1984-05-12.",
            "language": "Scelga una lingua dell'elenco.",
            "email": "Scriva un indirizzo completo, come nome@esempio.it.",
            "phone": "Scriva un numero completo, con il prefisso del paese se non è italiano.",
            "street": "Scriva via e numero, o svuoti tutto l'indirizzo.",
            "postal_code": "Il CAP è troppo lungo.",
            "city": "Scriva la città, o svuoti tutto l'indirizzo.",
            "province": "La provincia è troppo lunga.",
            "country": "Scriva le due lettere del paese, come IT.",
            "code": "Il codice ha sei cifre.",
        },
        error="Errore",
        gone="Non abbiamo più i suoi dati",
        gone_detail="Sono stati cancellati. Resta solo ciò che serve per non scriverle più.",
        silent="Non scriviamo più a questa persona",
        silent_detail="Per qualunque cosa siamo a disposizione: {contact}.",
        leave_empty="Lasci vuoto questo campo",
        paper="Modulo di consenso",
        paper_intro="Segni sì o no accanto a ogni scelta. Ogni scelta è libera: senza, non cambia nulla.",
        paper_version="{code}, versione {version} del {day} · impronta {hash}",
        paper_name="Nome e cognome",
        paper_date="Data",
        paper_signature="Firma",
        paper_staff="Ricevuto da",
        paper_rights="Può cambiare idea quando vuole, gratis: {contact}.",
        paper_qr="La sua pagina",
    ),
    "en": Copy(
        heading="Your choices",
        intro="You decide. Every choice counts at once, and you can change it at any time, free of charge.",
        choices="What we may do",
        purposes={
            Purpose.MKT_OWN: "Offers and news",
            Purpose.PROFILING: "Use what I buy",
            Purpose.MARKET_RESEARCH: "Surveys",
            Purpose.THIRD_PARTY: "Give my data to others",
            Purpose.TRACK_OPEN: "Know whether I open emails",
            Purpose.TRACK_CLICK: "Know what I look at in emails",
        },
        to_recipient="Give my data to {name}",
        channels={
            Channel.EMAIL: "Email",
            Channel.SMS: "Texts",
            Channel.WHATSAPP: "WhatsApp",
            Channel.PHONE_OPERATOR: "Phone",
            Channel.POST: "Post",
        },
        whole="Your choice",
        yes="yes",
        no="no",
        waiting="Waiting for you to confirm",
        soft="We now write to you about products like those you bought, until you say no",
        quoted="Below each heading is the text you say yes or no to.",
        minor="At your age some choices cannot be made here. We are happy to talk with you and a parent in the shop.",
        restricted="Your data is blocked, as you asked: you can say no, but not yes.",
        save="Save my choices",
        stop="Stop everything",
        stop_detail="One press: no more offers, surveys or use of what you buy, in any way.",
        data="My data",
        data_closed=(
            "To see and correct your data you need a fresh link, which we send only to your own address: "
            "messages get passed on, data should not."
        ),
        send_link="Send me a link",
        labels={
            "given_name": "First name",
            "family_name": "Last name",
            "birth_on": "Date of birth",
            "language": "Language of messages",
            "email": "Email",
            "phone": "Phone",
            "street": "Street and number",
            "postal_code": "Postcode",
            "city": "Town",
            "province": "County or province",
            "country": "Country",
        },
        hints={"birth_on": "Year-month-day, such as 1984-05-12", "country": "Two letters, such as GB"},
        optional="optional",
        birth_fixed="To correct your date of birth, write to us or come to the shop.",
        unconfirmed="New address, waiting to be confirmed: we have written to you there.",
        languages={"it": "Italian", "en": "English"},
        save_data="Save my data",
        holders="Who was given my data",
        holders_none="Nobody: we have not given it to others.",
        rights="Other requests",
        rights_detail="A person answers, usually within 20 days and never later than a month.",
        requests={
            "ACCESS": "Download a copy of my data",
            "PORTABILITY": "Get my data to take elsewhere",
            "OBJECTION": "Object to the use of my data",
            "ERASURE": "Erase my data",
        },
        code="Code received by text",
        code_detail="We have sent you six digits: they work for ten minutes.",
        code_button="Confirm the number",
        code_again="Send me another code",
        opens="Is this your page?",
        opens_detail=(
            "This link is no longer enough, or did not come to your address. "
            "We can send a new link to the email address we have."
        ),
        sent="If we have your email address, a new link will arrive shortly. Otherwise please write to us: {contact}.",
        saved="Saved. It counts from now on.",
        nothing="It was so already: nothing has changed.",
        waits_for_mail="One step is left: we have written to you to confirm. Your yes counts once you have.",
        code_sent="One step is left: type below the code we have sent you by text.",
        code_right="Thank you, your number is confirmed.",
        code_wrong="That code is not right.",
        code_over="This code no longer works. Please ask for a new one.",
        stopped="Done. We have stopped everything, from now on.",
        asked="Request received. We will answer by {day}.",
        faults="Please check these fields",
        fault={
            "given_name": "This name is too long.",
            "family_name": "This name is too long.",
            "birth_on": "Please give a possible date, such as 1984-05-12.",
            "language": "Please choose a language from the list.",
            "email": "Please give a whole address, such as name@example.com.",
            "phone": "Please give a whole number, with its country code if it is not Italian.",
            "street": "Please give street and number, or empty the whole address.",
            "postal_code": "This postcode is too long.",
            "city": "Please give the town, or empty the whole address.",
            "province": "This is too long.",
            "country": "Please give the two letters of the country, such as GB.",
            "code": "The code has six digits.",
        },
        error="Error",
        gone="We no longer have your data",
        gone_detail="It was erased. Only what we need in order not to write to you again is left.",
        silent="We no longer write to this person",
        silent_detail="We are at your disposal for anything: {contact}.",
        leave_empty="Leave this field empty",
        paper="Consent form",
        paper_intro="Tick yes or no beside each choice. Every choice is free: without it nothing else changes.",
        paper_version="{code}, version {version} of {day} · fingerprint {hash}",
        paper_name="Name",
        paper_date="Date",
        paper_signature="Signature",
        paper_staff="Received by",
        paper_rights="You can change your mind at any time, free of charge: {contact}.",
        paper_qr="Your page",
    ),
}


def copy_of(language: str) -> Copy:
    """Return the words of a language; English for whoever reads neither."""
    return _COPY[spoken(language)]


def title_of(copy: Copy, purpose: Purpose, recipient_name: str | None) -> str:
    """Return how a purpose is called here; a third party by its name."""
    return copy.to_recipient.format(name=recipient_name) if recipient_name else copy.purposes[purpose]


def version_words(copy: Copy, version: NoticeVersion, code: str, language: str, zone: str) -> str:
    """Return which text is quoted: its code, version, day and hash."""
    day = version.effective_from.astimezone(ZoneInfo(zone)).date()
    return copy.paper_version.format(
        code=code, version=version.version, day=long_date(day, language), hash=version.text_sha256
    )
