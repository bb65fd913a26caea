"""The gate's answers in words, Italian and English: one sentence, and what would change it (UX §1)."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ritorno.consents.rules import (
    Ask,
    Channel,
    Decision,
    Evidence,
    Family,
    LegalBasis,
    Passage,
    Purpose,
    Reason,
    Step,
    Verdict,
    family_of,
)
from ritorno.kit.dates import long_date


class Words(NamedTuple):
    """What a person reads of a decision."""

    sentence: str
    remedy: str


class _Pair(NamedTuple):
    it: str
    en: str

    def in_(self, language: str) -> str:
        return self.en if language == "en" else self.it


_NEW_YES = _Pair("Solo un suo nuovo sì, con prova", "Only a new yes from them, with proof")
_ASK = _Pair("Chiederlo al banco o con un modulo", "Ask at the counter or with a form")
_NOTHING = _Pair("Nulla", "Nothing")
_BY_ITSELF = _Pair("Niente: parte da sé {when}", "Nothing: it leaves by itself {when}")
_NEW_ADDRESS = _Pair("Chiedere un nuovo indirizzo", "Ask for a new address")
_REGISTER = _Pair("Ricontrollare il registro: vale 15 giorni", "Check the register again: it holds for 15 days")
_REWRITE = _Pair(
    "Togliere l'offerta dal testo, o mandarlo come promozione a chi ha detto sì",
    "Take the offer out of the text, or send it as marketing to those who said yes",
)
_WRONG_DATA = _Pair("Correggere il dato e rimandarlo", "Correct the value and send it again")

_WORDS: dict[Reason, tuple[_Pair, _Pair]] = {
    Reason.OBJECTED: (_Pair("Ha chiesto di non ricevere {scope}", "Asked not to receive {scope}"), _NEW_YES),
    Reason.WITHDRAWN: (_Pair("Ha ritirato il consenso il {date}", "Withdrew consent on {date}"), _NEW_YES),
    Reason.REFUSED: (_Pair("Ha detto no quando l'abbiamo chiesto", "Said no when asked"), _NEW_YES),
    Reason.NO_BASIS: (_Pair("Non l'abbiamo mai chiesto", "We never asked"), _ASK),
    Reason.UNPROVEN: (
        _Pair("Manca la prova del consenso", "Proof of consent is missing"),
        _Pair("Allegare la prova o chiederlo di nuovo", "Attach the proof or ask again"),
    ),
    Reason.CONSENT_PENDING: (
        _Pair("Non ha ancora confermato l'email", "Hasn't confirmed the email yet"),
        _Pair("La sua conferma, o un sì firmato al banco", "Their confirmation, or a signed yes at the counter"),
    ),
    Reason.SOFT_OPTIN_EMAIL_ONLY: (_Pair("Senza consenso si può solo per email", "Without consent, email only"), _ASK),
    Reason.NOT_SIMILAR: (
        _Pair("Non ha mai comprato nulla di simile", "Never bought anything similar"),
        _Pair(
            "Un consenso, o un testo su prodotti simili ai suoi acquisti",
            "A consent, or a text about products like those they bought",
        ),
    ),
    Reason.NO_PROFILING: (_Pair("Non vuole che usiamo i suoi acquisti", "Doesn't want purchases used"), _NEW_YES),
    Reason.COMPLAINT: (
        _Pair("Ha segnalato un messaggio come spam", "Marked a message as spam"),
        _Pair("Un suo nuovo sì, dopo aver riverificato l'indirizzo", "A new yes, once the address is verified again"),
    ),
    Reason.HARD_BOUNCE: (_Pair("L'indirizzo non esiste più", "The address no longer exists"), _NEW_ADDRESS),
    Reason.BAD_CONTACT_POINT: (
        _Pair("Il recapito manca o è sbagliato", "Contact missing or wrong"),
        _Pair("Chiedere il recapito, o verificare quello che c'è", "Ask for the contact, or verify the one on file"),
    ),
    Reason.QUIET_HOURS: (
        _Pair("Fuori orario: si potrà da {when}", "Out of hours: possible from {when}"),
        _BY_ITSELF,
    ),
    Reason.FREQ_CAP: (
        _Pair("Ha già ricevuto {n} messaggi in {days} giorni", "Already had {n} in {days} days"),
        _BY_ITSELF,
    ),
    Reason.RPO_STALE: (
        _Pair("Registro delle opposizioni da ricontrollare", "Opposition register check is out of date"),
        _REGISTER,
    ),
    Reason.RPO_REVOKED: (
        _Pair("È nel Registro delle opposizioni dal {date}", "In the opposition register since {date}"),
        _NEW_YES,
    ),
    Reason.RPO_LATER_CONSENT: (
        _Pair("Consenso dopo l'opposizione: decide una persona", "Consent after opposition: a person decides"),
        _Pair("La decisione del responsabile privacy", "The privacy officer's decision"),
    ),
    Reason.RPO_POST: (
        _Pair("Indirizzo pubblico, registro da controllare", "Public address, register check needed"),
        _Pair("Chiedere l'indirizzo alla persona", "Ask the person for the address"),
    ),
    Reason.RESTRICTED: (
        _Pair("Dati bloccati su sua richiesta", "Data restricted at their request"),
        _Pair("Solo la persona può chiedere di sbloccarli", "Only they can ask to lift it"),
    ),
    Reason.MINOR: (_Pair("È minorenne", "Under age"), _Pair("Nulla, fino ai 18 anni", "Nothing, until they are 18")),
    Reason.SENDER_NOT_READY: (
        _Pair("Il mittente non è ancora pronto", "The sender isn't ready yet"),
        _Pair("Completare il mittente in Impostazioni", "Complete the sender in Settings"),
    ),
    Reason.CHECK_UNAVAILABLE: (
        _Pair("Controllo non riuscito: nel dubbio non si scrive", "Check failed: when in doubt we don't write"),
        _Pair("Riprovare tra poco", "Try again shortly"),
    ),
    Reason.ERASED: (_Pair("Ha chiesto la cancellazione dei dati", "Asked for erasure"), _NOTHING),
    Reason.MERGED: (
        _Pair("Questa scheda fa parte di un'altra", "This card is part of another one"),
        _Pair("Chiedere dell'altra scheda", "Ask about the other card"),
    ),
    Reason.SUPPRESSED_ERASED: (
        _Pair("Ha chiesto la cancellazione dei dati", "Asked for erasure"),
        _NEW_YES,
    ),
    Reason.DECEASED: (
        _Pair("Persona deceduta: non si scrive più", "Deceased: no more messages"),
        _NOTHING,
    ),
    Reason.SUPPRESSED: (
        _Pair("È nella lista «non contattare»", "On the do-not-contact list"),
        _Pair("Toglierlo dalla lista, se c'è un nuovo sì", "Take them off the list, given a new yes"),
    ),
    Reason.NO_CONSENT: (_Pair("Serve un consenso che non c'è", "Needs consent we don't have"), _ASK),
    Reason.NO_SALE: (_Pair("Non ha mai comprato", "Never bought"), _ASK),
    Reason.NOT_OWN_PRODUCT: (_Pair("Non è un prodotto nostro", "Not our own product"), _ASK),
    Reason.NOTICE_MISSING: (
        _Pair("All'inizio non abbiamo detto che poteva rifiutare", "No opt-out offered at collection"),
        _Pair("Dare l'informativa, o chiedere il consenso", "Give the notice, or ask for consent"),
    ),
    Reason.NO_THIRD_PARTY: (_Pair("Non vuole che passiamo i dati ad altri", "No sharing with others"), _NEW_YES),
    Reason.TEMPLATE_MISMATCH: (
        _Pair("Il testo contiene un'offerta: non è un avviso", "Contains an offer: not a service notice"),
        _REWRITE,
    ),
    Reason.PROMO_IN_SERVICE: (
        _Pair("Il testo contiene un'offerta: non è un avviso", "Contains an offer: not a service notice"),
        _REWRITE,
    ),
    Reason.MERGE_MISSING: (
        _Pair("Manca un dato che il testo usa: {field}", "A value the text uses is missing: {field}"),
        _Pair(
            "Completare la scheda, o dare al testo un valore di riserva",
            "Complete the card, or give the text a default",
        ),
    ),
    Reason.LIA_MISSING: (
        _Pair("Manca la valutazione firmata", "The signed assessment is missing"),
        _Pair("Firmare la valutazione in Impostazioni", "Sign the assessment in Settings"),
    ),
    Reason.SECTOR_RULE: (
        _Pair("Una regola di settore o di paese lo vieta", "A sector or country rule forbids it"),
        _ASK,
    ),
    Reason.CONSENT_EXPIRED_FR: (
        _Pair("Una regola di settore o di paese lo vieta", "A sector or country rule forbids it"),
        _NEW_YES,
    ),
    Reason.BAD_TIME: (_Pair("Data impossibile", "Impossible date"), _WRONG_DATA),
    Reason.BAD_PHONE: (_Pair("Numero non valido", "Invalid number"), _WRONG_DATA),
    Reason.BUNDLED_CONSENT: (
        _Pair("Una casella chiede due cose: separarle", "One box asks two things: split it"),
        _Pair("Una casella per ogni scopo", "One box for each purpose"),
    ),
    Reason.HOLDOUT: (
        _Pair("Nel gruppo di controllo: non riceve, per misurare", "In the control group, to measure"),
        _Pair("Nulla, fino alla fine della misura", "Nothing, until the measure ends"),
    ),
    Reason.ARBITRATED: (
        _Pair("Oggi ha la precedenza «{name}»", "“{name}” takes precedence today"),
        _Pair("Niente: si riprova domani", "Nothing: tried again tomorrow"),
    ),
    Reason.TOO_LATE: (
        _Pair("L'occasione è passata prima che si potesse scrivere", "The occasion passed before we could write"),
        _Pair("Nulla, fino alla prossima volta", "Nothing, until the next time"),
    ),
}

_NEVER_ASKED: dict[Reason, tuple[_Pair, _Pair]] = {
    Reason.NO_PROFILING: (
        _Pair("Mai chiesto se possiamo usare i suoi acquisti", "Never asked whether purchases may be used"),
        _ASK,
    ),
    Reason.NO_THIRD_PARTY: (
        _Pair("Mai chiesto se possiamo passare i dati ad altri", "Never asked about sharing with others"),
        _ASK,
    ),
}

_BY_RULE: dict[str, tuple[_Pair, _Pair]] = {
    "C-13": (
        _Pair("Non è ancora certo che il recapito sia suo", "Not yet certain that the contact is theirs"),
        _Pair("Verificare il recapito con la persona", "Verify the contact with the person"),
    ),
    "D-P4": (_Pair("La posta è tornata indietro", "Their mail came back"), _NEW_ADDRESS),
}
_IN_THE_REGISTER: tuple[_Pair, _Pair] = (
    _Pair("È nel Registro delle opposizioni", "In the opposition register"),
    _NEW_YES,
)
_ANOTHER_WAY = _Pair("Provare un altro recapito o un altro canale", "Try another contact or another channel")

_ALLOWED: dict[LegalBasis, _Pair] = {
    LegalBasis.CONSENT: _Pair("Ha dato il consenso il {date}", "Gave consent on {date}"),
    LegalBasis.EXPLICIT: _Pair("Ha dato il consenso esplicito il {date}", "Gave explicit consent on {date}"),
    LegalBasis.SOFT_OPTIN: _Pair(
        "Ha comprato da noi e può dire no in ogni email", "Bought from us and can refuse in every email"
    ),
    LegalBasis.LEGITIMATE_INTEREST: _Pair(
        "È cliente, ha ricevuto l'informativa, non risulta un'opposizione",
        "A customer, informed, with no objection on file",
    ),
    LegalBasis.PRECONTRACT: _Pair("L'ha chiesto la persona", "They asked for it"),
    LegalBasis.CONTRACT: _Pair("È un avviso di servizio", "It is a service notice"),
    LegalBasis.LEGAL_OBLIGATION: _Pair("Lo chiede la legge", "The law asks for it"),
}

_SHARED = _Pair("Recapito in comune con un'altra persona. {sentence}", "Shared with another person. {sentence}")
_OFFERS = {
    Channel.EMAIL: _Pair("offerte per email", "offers by email"),
    Channel.SMS: _Pair("offerte per SMS", "offers by SMS"),
    Channel.WHATSAPP: _Pair("offerte su WhatsApp", "offers on WhatsApp"),
    Channel.PUSH: _Pair("notifiche", "notifications"),
    Channel.PHONE_OPERATOR: _Pair("telefonate", "phone calls"),
    Channel.PHONE_AUTO: _Pair("chiamate automatiche", "automatic calls"),
    Channel.POST: _Pair("offerte per posta", "offers by post"),
    Channel.FAX: _Pair("fax", "faxes"),
}
_USES = {
    Purpose.PROFILING: _Pair("proposte basate sui suoi acquisti", "suggestions based on purchases"),
    Purpose.MARKET_RESEARCH: _Pair("sondaggi", "surveys"),
    Purpose.THIRD_PARTY: _Pair("messaggi di altri", "messages from others"),
}
_COMMUNICATIONS = _Pair("comunicazioni", "messages")


def explain(
    decision: Decision,
    *,
    language: str,
    zone: str,
    purpose: Purpose | None = None,
    channel: Channel | None = None,
    **more: str,
) -> Words:
    """Return a decision in words; `more` fills what the gate does not know, such as the missing `field`."""
    values = {
        "scope": _scope(purpose, channel).in_(language),
        "date": _day(decision.since or _first_moment(decision.evidence), language, zone),
        "when": _moment(decision.until, language, zone),
        "n": str(decision.sent_count or ""),
        "days": str(decision.days or ""),
        "field": "",
        "name": "",
        **more,
    }
    if decision.verdict is Verdict.ALLOW:
        return Words(_ALLOWED.get(decision.basis, _ALLOWED[LegalBasis.CONTRACT]).in_(language).format(**values), "")
    reason = decision.reason or Reason.NO_BASIS
    told, remedy = _pair_of(decision, reason)
    sentence = told.in_(language).format(**values).strip()
    if decision.rule_id == "D-11":
        sentence = _SHARED.in_(language).format(sentence=sentence)
    if purpose is Purpose.LEGAL_SAFETY and reason in (Reason.BAD_CONTACT_POINT, Reason.HARD_BOUNCE):
        remedy = _ANOTHER_WAY
    elif decision.verdict is Verdict.DENY and remedy is _BY_ITSELF:
        remedy = _WAIT if reason is Reason.FREQ_CAP else _NOTHING
    return Words(sentence, remedy.in_(language).format(**values).strip())


def _pair_of(decision: Decision, reason: Reason) -> tuple[_Pair, _Pair]:
    if decision.rule_id == "D-P3" and decision.since is not None:
        return _IN_THE_REGISTER
    told, remedy = _BY_RULE.get(decision.rule_id) or _of(reason, decision.family)
    return (_BARE[reason] if reason is Reason.QUIET_HOURS and decision.until is None else told), remedy


_WAIT = _Pair("Aspettare qualche giorno", "Wait a few days")
_BARE = {
    Reason.WITHDRAWN: _Pair("Ha ritirato il consenso", "Withdrew consent"),
    Reason.QUIET_HOURS: _Pair("Fuori orario", "Out of hours"),
    Reason.FREQ_CAP: _Pair("Ha già ricevuto abbastanza messaggi", "Already had enough messages"),
    Reason.RPO_REVOKED: _Pair("È nel Registro delle opposizioni", "In the opposition register"),
    Reason.MERGE_MISSING: _Pair("Manca un dato che il testo usa", "A value the text uses is missing"),
    Reason.ARBITRATED: _Pair("Oggi ha la precedenza un altro richiamo", "Another recall takes precedence today"),
}
"""What is said where the date, the number or the name is not at hand, as in a count over many people."""


def sentence_of(reason: Reason, language: str, **more: str) -> str:
    """Return the sentence of a bare reason, where no whole decision is at hand; `more` fills what it names."""
    if reason in _BARE and not any(more.values()):
        return _BARE[reason].in_(language)
    values = {
        "scope": _COMMUNICATIONS.in_(language),
        **dict.fromkeys(("date", "when", "n", "days", "field", "name"), "…"),
    }
    return _WORDS[reason][0].in_(language).format(**{**values, **more})


def remedy_of(reason: Reason, language: str) -> str:
    """Return what would change a refusal for this reason."""
    return _WORDS[reason][1].in_(language).format(when="").strip()


def _of(reason: Reason, family: Family) -> tuple[_Pair, _Pair]:
    if family is Family.NOT_ASKED and reason in _NEVER_ASKED:
        return _NEVER_ASKED[reason]
    return _WORDS[reason]


def _scope(purpose: Purpose | None, channel: Channel | None) -> _Pair:
    if purpose in _USES:
        return _USES[purpose]
    return _OFFERS[channel] if channel is not None else _COMMUNICATIONS


def _first_moment(evidence: tuple[Evidence, ...]) -> datetime | None:
    return next((each.at for each in evidence if each.at is not None), None)


def _day(moment: datetime | None, language: str, zone: str) -> str:
    if moment is None:
        return "…"
    local = moment.astimezone(ZoneInfo(zone))
    return long_date(local.date(), language)


def _moment(moment: datetime | None, language: str, zone: str) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone))
    link = "at" if language == "en" else "alle"
    return f"{_day(moment, language, zone)}, {link} {local:%H:%M}"


# ── step by step ──────────────────────────────────────────────────────────────────────────────────────────────────────

_TITLES = {
    "G1": _Pair("Il mittente è pronto", "The sender is ready"),
    "G2": _Pair("La persona esiste", "The person exists"),
    "G3": _Pair("È in vita", "They are alive"),
    "G4": _Pair("I dati non sono bloccati", "The data are not restricted"),
    "G5": _Pair("Il recapito è buono", "The contact is good"),
    "G6": _Pair("L'indirizzo esiste ancora", "The address still exists"),
    "G7": _Pair("Nessuna segnalazione di spam", "No complaint of spam"),
    "G8": _Pair("Non è nella lista «non contattare»", "Not on the do-not-contact list"),
    "G9": _Pair("Nessuna opposizione", "No objection"),
    "G10": _Pair("Nessun rifiuto, ritiro o consenso sospeso", "No refusal, withdrawal or open consent"),
    "G11": _Pair("L'età", "Age"),
    "G12": _Pair("Una base giuridica", "A legal basis"),
    "C-18": _Pair("L'uso degli acquisti", "The use of purchases"),
    "D-S2": _Pair("Non troppi avvisi richiesti", "Not too many of the notices asked for"),
    "G13": _Pair("Il testo è ciò che dice di essere", "The text is what it says it is"),
    "G14": _Pair("Regole di settore e di paese", "Rules of the sector and the country"),
    "D-11": _Pair("Chi condivide il recapito", "Whoever shares the contact"),
    "G15": _Pair("L'orario", "The hour"),
    "G16": _Pair("Quanti messaggi ha già ricevuto", "How many messages they already had"),
}
_PASSED = _Pair("Nulla lo impedisce", "Nothing stands in the way")
_NOT_ASKED = _Pair("Non riguarda questa domanda", "Does not concern this question")


def title_of(gate: str, language: str) -> str:
    """Return what a gate looks at."""
    return _TITLES[gate].in_(language)


def explain_step(step: Step, ask: Ask, *, language: str, zone: str) -> Words:
    """Return what one gate found, in words."""
    found = step.found
    if found is None or step.passage is Passage.NOT_ASKED:
        return Words((_PASSED if step.passage is Passage.PASSED else _NOT_ASKED).in_(language), "")
    family = Family.ALLOWED if found.reason is None else family_of(found.reason)
    if found.reason is Reason.NO_PROFILING and found.since is not None:
        family = Family.SAID_NO
    decision = Decision(
        found.verdict, family, found.reason, found.rule_id, found.basis, found.evidence, (), found.until, found.since,
        found.sent_count, found.days,
    )  # fmt: skip
    return explain(decision, language=language, zone=zone, purpose=ask.purpose, channel=ask.channel)


_LABELS = {
    "sender_readiness": _Pair("Stato del mittente, {date}", "State of the sender, {date}"),
    "contract": _Pair("Contratto del {date}", "Contract of {date}"),
    "consent": _Pair("Registrazione del {date}", "Entry of {date}"),
    "soft_optin": _Pair("Indirizzo dato con un acquisto, {date}", "Address given with a purchase, {date}"),
    "assessment": _Pair("Valutazione firmata", "Signed assessment"),
    "suppression": _Pair("Lista «non contattare», {date}", "Do-not-contact list, {date}"),
    "contact_point": _Pair("Recapito", "Contact"),
    "customer": _Pair("Scheda, {date}", "Card, {date}"),
    "register_check": _Pair("Controllo del registro, {date}", "Register check, {date}"),
}


def label_of(evidence: Evidence, language: str, zone: str) -> str:
    """Return how a piece of evidence is named on a screen."""
    return _LABELS[evidence.kind].in_(language).format(date=_day(evidence.at, language, zone))
