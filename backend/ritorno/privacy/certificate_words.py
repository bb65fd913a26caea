"""The words of the consent certificate, Italian and English: sober, because an authority reads it too."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from ritorno.consents.rules import Action, Channel, Method, Party, Purpose, Standing
from ritorno.kit.dates import long_date

WORDS: Mapping[str, Mapping[str, str]] = {
    "it": {
        "title": "Certificato dei consensi",
        "person": "Persona",
        "card": "Tessera",
        "moment": "Situazione al",
        "printed": "Stampato il {when} da {who}",
        "sound": "Catena verificata",
        "sound_words": "{n} registrazioni ricalcolate il {when}: nessuna è stata cambiata, tolta o aggiunta.",
        "one_sound_words": "Una registrazione ricalcolata il {when}: non è stata cambiata.",
        "broken": "Catena non integra",
        "broken_words": "Le registrazioni qui elencate non sono come furono scritte. Verifica del {when}.",
        "none": "Nessuna registrazione",
        "none_words": "Fino a questo momento la persona non ha espresso alcuna scelta.",
        "head": "Ultima registrazione: n. {seq}, impronta",
        "head_of": "Scheda {card} · ultima registrazione: n. {seq}, impronta",
        "summary": "Che cosa risulta",
        "purpose": "Scopo",
        "channel": "Canale",
        "standing": "Stato",
        "since": "Dal",
        "all_channels": "tutti",
        "details": "Come è stato espresso",
        "entry": "Registrazione n. {seq}",
        "entry_of": "Registrazione n. {seq} della scheda {card}",
        "said": "Espresso",
        "how": "Modo",
        "by": "Da",
        "recorded": "Registrato il {when} da {who}",
        "address": "Recapito",
        "text": "Testo mostrato",
        "text_no": "Testo {n}",
        "evidence": "Prova",
        "no_evidence": "nessun allegato",
        "unproven": "manca la prova: questa registrazione non vale come consenso",
        "origin": "Origine",
        "fingerprint": "Impronta",
        "texts": "I testi mostrati",
        "version": "versione {version} ({language}), in vigore dal {when}",
        "later": "Che cosa è seguito",
        "later_words": "Registrazioni posteriori al momento certificato.",
        "register": "Registro pubblico delle opposizioni",
        "asked": "Interrogato il",
        "number": "Recapito",
        "outcome": "Esito",
        "listed": "iscritto dal {when}",
        "not_listed": "non iscritto",
        "about": "Come si legge questo documento",
        "about_words": "Ogni registrazione contiene l'impronta SHA-256 di quella che la precede: cambiarne, toglierne "
        "o aggiungerne una rompe la catena da quel punto. Le impronte dei testi e degli allegati permettono di "
        "riconoscere l'originale. Gli orari sono del fuso {zone}. Il certificato riporta le scelte della persona; se "
        "un singolo messaggio era lecito dipende anche da altre regole, che il registro dei messaggi conserva caso "
        "per caso.",
    },
    "en": {
        "title": "Consent certificate",
        "person": "Person",
        "card": "Card",
        "moment": "As of",
        "printed": "Printed on {when} by {who}",
        "sound": "Chain verified",
        "sound_words": "{n} entries computed again on {when}: none was changed, removed or added.",
        "one_sound_words": "One entry computed again on {when}: it was not changed.",
        "broken": "Chain not intact",
        "broken_words": "The entries listed here are not as they were written. Verified on {when}.",
        "none": "No entries",
        "none_words": "Up to this moment the person had not made any choice.",
        "head": "Last entry: no. {seq}, fingerprint",
        "head_of": "Card {card} · last entry: no. {seq}, fingerprint",
        "summary": "What is on record",
        "purpose": "Purpose",
        "channel": "Channel",
        "standing": "Standing",
        "since": "Since",
        "all_channels": "all",
        "details": "How it was said",
        "entry": "Entry no. {seq}",
        "entry_of": "Entry no. {seq} of card {card}",
        "said": "Said",
        "how": "Means",
        "by": "By",
        "recorded": "Recorded on {when} by {who}",
        "address": "Contact",
        "text": "Text shown",
        "text_no": "Text {n}",
        "evidence": "Evidence",
        "no_evidence": "nothing attached",
        "unproven": "without proof: this entry does not count as consent",
        "origin": "Origin",
        "fingerprint": "Fingerprint",
        "texts": "The texts shown",
        "version": "version {version} ({language}), in force from {when}",
        "later": "What followed",
        "later_words": "Entries after the moment certified.",
        "register": "Public register of oppositions",
        "asked": "Asked on",
        "number": "Contact",
        "outcome": "Outcome",
        "listed": "listed since {when}",
        "not_listed": "not listed",
        "about": "How to read this document",
        "about_words": "Each entry holds the SHA-256 fingerprint of the one before it: changing, removing or adding "
        "one breaks the chain from there on. The fingerprints of texts and attachments tell the original from a "
        "changed copy. Times are those of {zone}. The certificate tells what the person chose; whether a single "
        "message was allowed also depends on other rules, which the log of messages keeps case by case.",
    },
}

_PURPOSES = {
    Purpose.SERVICE: ("Avvisi di servizio", "Service notices"),
    Purpose.LEGAL_SAFETY: ("Sicurezza e obblighi di legge", "Safety and legal duties"),
    Purpose.LOYALTY: ("Programma fedeltà", "Loyalty programme"),
    Purpose.MKT_OWN: ("Offerte e novità", "Offers and news"),
    Purpose.PROFILING: ("Profilazione", "Profiling"),
    Purpose.THIRD_PARTY: ("Comunicazione a terzi", "Disclosure to third parties"),
    Purpose.MARKET_RESEARCH: ("Ricerche di mercato", "Market research"),
    Purpose.STATS_AGG: ("Statistiche anonime", "Anonymous statistics"),
    Purpose.TRACK_OPEN: ("Rilevazione delle aperture", "Tracking of opens"),
    Purpose.TRACK_CLICK: ("Rilevazione dei clic", "Tracking of clicks"),
    Purpose.SPECIAL_CAT: ("Dati particolari (art. 9)", "Special categories (art. 9)"),
}
_CHANNELS = {
    Channel.EMAIL: ("email", "email"),
    Channel.SMS: ("SMS", "text message"),
    Channel.WHATSAPP: ("WhatsApp", "WhatsApp"),
    Channel.PUSH: ("notifiche", "notifications"),
    Channel.PHONE_OPERATOR: ("telefono, con operatore", "phone, by a person"),
    Channel.PHONE_AUTO: ("telefono, automatico", "phone, automatic"),
    Channel.POST: ("posta", "post"),
    Channel.FAX: ("fax", "fax"),
}
_STANDINGS = {
    Standing.GRANTED: ("consenso dato", "consent given"),
    Standing.PENDING: ("in attesa di conferma", "awaiting confirmation"),
    Standing.UNPROVEN: ("senza prova, non vale", "without proof, does not count"),
    Standing.LAPSED: ("scaduto", "lapsed"),
    Standing.REFUSED: ("rifiutato", "refused"),
    Standing.WITHDRAWN: ("ritirato", "withdrawn"),
    Standing.OBJECTED: ("opposizione", "objection"),
}
_ACTIONS = {
    Action.GRANT: ("Consenso", "Consent"),
    Action.GRANT_PENDING: ("Consenso da confermare", "Consent to be confirmed"),
    Action.DENY: ("Rifiuto", "Refusal"),
    Action.WITHDRAW: ("Ritiro", "Withdrawal"),
    Action.OBJECT: ("Opposizione", "Objection"),
    Action.INVALIDATE: ("Annullamento", "Invalidation"),
    Action.EXPIRE: ("Scadenza", "Lapse"),
}
_METHODS = {
    Method.WEB: ("sito o pagina personale", "website or personal page"),
    Method.POS_TABLET: ("tablet in negozio, con firma", "tablet in the shop, signed"),
    Method.POS_PAPER: ("modulo di carta firmato", "signed paper form"),
    Method.PHONE_REC: ("telefonata registrata", "recorded call"),
    Method.EMAIL_LINK: ("link ricevuto per email", "link received by email"),
    Method.LIST_UNSUB_POST: ("disiscrizione con un clic", "one-click unsubscribe"),
    Method.SMS_KEYWORD: ("risposta per SMS", "answer by text message"),
    Method.LETTER: ("lettera", "letter"),
    Method.PEC: ("PEC", "certified mail"),
    Method.API: ("altro sistema", "another system"),
    Method.IMPORT: ("elenco importato", "imported list"),
    Method.RPO: ("Registro pubblico delle opposizioni", "public register of oppositions"),
    Method.ORAL: ("a voce", "by word of mouth"),
}
_PARTIES = {
    Party.SUBJECT: ("la persona", "the person"),
    Party.PARENT: ("chi ne ha la responsabilità genitoriale", "whoever has parental responsibility"),
    Party.STAFF: ("la persona, raccolto dal personale", "the person, taken down by staff"),
    Party.IMPORT: ("come riportato nell'elenco importato", "as told by the imported list"),
    Party.SYSTEM: ("come riportato da un altro sistema", "as told by another system"),
    Party.REGISTRY: ("gestore del registro", "operator of the register"),
}

_FAULTS = {
    "changed": ("registrazione n. {seq}: cambiata", "entry no. {seq}: changed"),
    "out-of-sequence": ("registrazione n. {seq}: fuori posto", "entry no. {seq}: out of place"),
    "replaced": ("registrazione n. {seq}: sostituita", "entry no. {seq}: replaced"),
    "forked": ("registrazione n. {seq}: presente due volte", "entry no. {seq}: there twice"),
    "missing": ("registrazione n. {seq}: mancante", "entry no. {seq}: missing"),
    "rewritten": ("fino alla registrazione n. {seq}: riscritta", "up to entry no. {seq}: written anew"),
    "checkpoint-forged": ("firma non valida alla registrazione n. {seq}", "signature not ours at entry no. {seq}"),
}


class Speech:
    """The certificate's words in one language, and moments in the zone of the business."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = "en" if language == "en" else "it"
        self.zone = zone
        self._place = 1 if self.language == "en" else 0
        self.words = WORDS[self.language]

    def __call__(self, word: str, **values: object) -> str:
        return self.words[word].format(**values)

    def moment(self, at: datetime) -> str:
        """Return `9 ottobre 2026, ore 14:05`."""
        local = at.astimezone(ZoneInfo(self.zone))
        return f"{long_date(local.date(), self.language)}, {'at' if self._place else 'ore'} {local:%H:%M}"

    def day(self, at: datetime) -> str:
        return long_date(at.astimezone(ZoneInfo(self.zone)).date(), self.language)

    def purpose(self, purpose: str) -> str:
        return _PURPOSES[Purpose(purpose)][self._place]

    def channel(self, channel: str | None) -> str:
        return _CHANNELS[Channel(channel)][self._place] if channel else self("all_channels")

    def standing(self, standing: Standing) -> str:
        return _STANDINGS[standing][self._place]

    def action(self, action: str) -> str:
        return _ACTIONS[Action(action)][self._place]

    def method(self, method: str) -> str:
        return _METHODS[Method(method)][self._place]

    def party(self, party: str) -> str:
        return _PARTIES[Party(party)][self._place]

    def fault(self, fault: str, seq: int | None) -> str:
        return _FAULTS[fault][self._place].format(seq=seq)
