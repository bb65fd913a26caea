"""The vocabulary of the documents in both languages: codes, dates, periods and countries as people say them."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo


class Speech:
    """One language and the zone of the business: `say("italiano", "English")` gives the one that is spoken."""

    def __init__(self, language: str, zone: str) -> None:
        self.language = language
        self._is_english = language == "en"
        self._zone = ZoneInfo(zone)

    def __call__(self, italian: str, english: str) -> str:
        return english if self._is_english else italian

    def of(self, both: dict[str, str]) -> str:
        """Return the text of a bilingual field."""
        return both.get(self.language) or both.get("it") or ""

    def term(self, code: str | None) -> str:
        """Return a code of the product in words; an unknown one as it is."""
        if code is None:
            return ""
        return self(*_TERMS[code]) if code in _TERMS else code

    def terms(self, codes: list[str]) -> str:
        return ", ".join(self.term(code) for code in codes)

    def day(self, day: date | None) -> str:
        """Return a day in full."""
        if day is None:
            return ""
        return f"{day.day} {(_MONTHS_EN if self._is_english else _MONTHS_IT)[day.month - 1]} {day.year}"

    def moment(self, at: datetime | None) -> str:
        """Return an instant in the zone of the business, to the minute."""
        if at is None:
            return ""
        local = at.astimezone(self._zone)
        return f"{self.day(local.date())}, {local:%H:%M}"

    def number(self, value: int) -> str:
        return f"{value:,}" if self._is_english else f"{value:,}".replace(",", ".")

    def period(self, duration: str) -> str:
        """Return an ISO 8601 duration in words."""
        found = re.fullmatch(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?", duration)
        if found is None:
            return duration
        parts = [
            f"{amount} {self(*(one if amount == '1' else many))}"
            for amount, one, many in zip(found.groups(), _ONE, _MANY, strict=True)
            if amount
        ]
        return " ".join(parts)

    def country(self, code: str) -> str:
        return self(*_COUNTRIES[code]) if code in _COUNTRIES else code

    @staticmethod
    def capital(text: str) -> str:
        """Return a text that begins a line."""
        return text[:1].upper() + text[1:]

    @staticmethod
    def small(text: str) -> str:
        """Return a text that stands inside a sentence; an abbreviation keeps its capitals."""
        return text if text[1:2].isupper() else text[:1].lower() + text[1:]

    def joined(self, items: list[str]) -> str:
        """Return a list as a sentence says it: a, b and c."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self('e', 'and')} {items[-1]}"


_MONTHS_IT = (
    "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
    "novembre", "dicembre",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_ONE = (("anno", "year"), ("mese", "month"), ("giorno", "day"))
_MANY = (("anni", "years"), ("mesi", "months"), ("giorni", "days"))

_TERMS: dict[str, tuple[str, str]] = {
    # purposes
    "SERVICE": ("Vendita e assistenza", "Sales and service"),
    "LEGAL_SAFETY": ("Obblighi di legge e sicurezza", "Legal duties and safety"),
    "LOYALTY": ("Programma fedeltà", "Loyalty programme"),
    "MKT_OWN": ("Offerte del negozio", "The shop's offers"),
    "PROFILING": ("Uso degli acquisti per scegliere le offerte", "Using purchases to choose offers"),
    "THIRD_PARTY": ("Comunicazione a terzi", "Disclosure to third parties"),
    "MARKET_RESEARCH": ("Sondaggi", "Surveys"),
    "STATS_AGG": ("Statistiche anonime", "Anonymous statistics"),
    "TRACK_OPEN": ("Sapere se un'email è stata aperta", "Knowing whether a mail was opened"),
    "TRACK_CLICK": ("Sapere se un link è stato seguito", "Knowing whether a link was followed"),
    "SPECIAL_CAT": ("Dati particolari", "Special categories of data"),
    # channels
    "EMAIL": ("email", "email"),
    "SMS": ("SMS", "SMS"),
    "WHATSAPP": ("WhatsApp", "WhatsApp"),
    "PUSH": ("notifiche", "push"),
    "PHONE_OPERATOR": ("telefono", "telephone"),
    "PHONE_AUTO": ("telefono automatico", "automated calls"),
    "POST": ("posta", "post"),
    "FAX": ("fax", "fax"),
    # legal bases
    "CONSENT_6_1_A": ("consenso (art. 6.1.a)", "consent (art. 6(1)(a))"),
    "EXPLICIT_9_2_A": ("consenso esplicito (art. 9.2.a)", "explicit consent (art. 9(2)(a))"),
    "SOFT_OPTIN_130_4": (
        "prodotti simili a quelli comprati (art. 130, c. 4, Codice privacy)",
        "products similar to those bought (art. 130(4), Italian Privacy Code)",
    ),
    "CONTRACT_6_1_B": ("contratto (art. 6.1.b)", "contract (art. 6(1)(b))"),
    "PRECONTRACT_6_1_B": ("richiesta prima del contratto (art. 6.1.b)", "steps before a contract (art. 6(1)(b))"),
    "LEGAL_OBL_6_1_C": ("obbligo di legge (art. 6.1.c)", "legal obligation (art. 6(1)(c))"),
    "VITAL_6_1_D": ("interessi vitali (art. 6.1.d)", "vital interests (art. 6(1)(d))"),
    "LEGIT_INT_6_1_F": ("legittimo interesse (art. 6.1.f)", "legitimate interest (art. 6(1)(f))"),
    # transfer tools
    "IN_EEA": ("Spazio economico europeo", "European Economic Area"),
    "ADEQUACY": ("decisione di adeguatezza (art. 45)", "adequacy decision (art. 45)"),
    "DPF": ("EU-US Data Privacy Framework (art. 45)", "EU-US Data Privacy Framework (art. 45)"),
    "SCC": ("clausole contrattuali tipo (art. 46)", "standard contractual clauses (art. 46)"),
    "BCR": ("norme vincolanti d'impresa (art. 47)", "binding corporate rules (art. 47)"),
    "DEROGATION": ("deroga (art. 49)", "derogation (art. 49)"),
    # risks and decisions
    "UNLIKELY": ("rischio improbabile", "risk unlikely"),
    "RISK": ("rischio", "risk"),
    "HIGH": ("rischio elevato", "high risk"),
    "UNDECIDED": ("da decidere", "not decided"),
    "NOTIFY": ("si notifica", "to be notified"),
    "NOT_NOTIFY": ("non si notifica", "not to be notified"),
    # sides
    "CONTROLLER": ("titolare", "controller"),
    "PROCESSOR": ("responsabile", "processor"),
    # roles
    "owner": ("Titolare", "Owner"),
    "marketer": ("Marketing", "Marketing"),
    "cashier": ("Cassa", "Counter"),
    "analyst": ("Analisi", "Analysis"),
    "privacy_officer": ("Referente privacy", "Privacy officer"),
    # retention clocks
    "PURCHASES_PROFILED": ("Acquisti usati per scegliere le offerte", "Purchases used to choose offers"),
    "PURCHASES_TRACED": ("Acquisti legati alla persona", "Purchases traced to the person"),
    "MESSAGES": ("Messaggi: a chi, quando, con quale esito", "Messages: to whom, when, with what outcome"),
    "MESSAGE_CONTENTS": ("Testo dei messaggi", "Text of messages"),
    "AUDIT": ("Registro delle operazioni", "Log of acts"),
    "CONSENT_PROOF": ("Prova dei consensi, dalla fine del rapporto", "Proof of consents, from the end of the relation"),
    "PENDING_CONFIRMATIONS": ("Iscrizioni mai confermate", "Sign-ups never confirmed"),
    "FILES_OUT": ("File esportati", "Exported files"),
    "FILES_IN": ("File importati", "Imported files"),
    "WEBHOOK_PAYLOADS": ("Dati ricevuti dalle casse e dal negozio online", "Data received from tills and web shop"),
    "UNCLAIMED": ("Ricevute senza cliente riconosciuto", "Receipts in which nobody was recognised"),
    "INACTIVE": ("Silenzio dopo cui si chiede di nuovo", "Silence after which we ask again"),
    "INVOICES": ("Documenti contabili", "Accounting documents"),
    "REPLAYS": ("Risposte tenute per le richieste ripetute", "Answers kept for repeated requests"),
    "SUPPRESSIONS": ("Impronte dei recapiti da non usare", "Hashes of contacts not to be used"),
}

_COUNTRIES: dict[str, tuple[str, str]] = {
    "AT": ("Austria", "Austria"), "BE": ("Belgio", "Belgium"), "CH": ("Svizzera", "Switzerland"),
    "CZ": ("Cechia", "Czechia"), "DE": ("Germania", "Germany"), "DK": ("Danimarca", "Denmark"),
    "ES": ("Spagna", "Spain"), "FI": ("Finlandia", "Finland"), "FR": ("Francia", "France"),
    "GB": ("Regno Unito", "United Kingdom"), "GR": ("Grecia", "Greece"), "IE": ("Irlanda", "Ireland"),
    "IN": ("India", "India"), "IT": ("Italia", "Italy"), "JP": ("Giappone", "Japan"),
    "LU": ("Lussemburgo", "Luxembourg"), "NL": ("Paesi Bassi", "Netherlands"), "NO": ("Norvegia", "Norway"),
    "PL": ("Polonia", "Poland"), "PT": ("Portogallo", "Portugal"), "RO": ("Romania", "Romania"),
    "SE": ("Svezia", "Sweden"), "SI": ("Slovenia", "Slovenia"), "US": ("Stati Uniti", "United States"),
}  # fmt: skip
