"""The words of the letters about a request, Italian first: what was asked, what was done, what is kept and why, and
whom to turn to (art. 12(4)).
"""

from enum import StrEnum
from typing import NamedTuple

from ritorno.privacy.rules import RequestKind


class Letter(StrEnum):
    RECEIPT = "receipt"
    EXTENSION = "extension"
    ANSWER = "answer"
    WITHDRAWN = "withdrawn"


class Words(NamedTuple):
    """One language."""

    file: dict[Letter, str]
    title: dict[Letter, str]
    greeting: str
    greeting_unknown: str
    opening: dict[Letter, str]
    identity: str
    done: dict[str, str]
    partly: str
    refused: str
    nothing_held: str
    reason_title: str
    kept_title: str
    rights: tuple[str, ...]
    footer: str


SAID: dict[str, Words] = {
    "it": Words(
        file={
            Letter.RECEIPT: "ricevuta",
            Letter.EXTENSION: "proroga",
            Letter.ANSWER: "risposta",
            Letter.WITHDRAWN: "ritiro",
        },
        title={
            Letter.RECEIPT: "Abbiamo ricevuto la sua richiesta",
            Letter.EXTENSION: "Ci serve più tempo per la sua richiesta",
            Letter.ANSWER: "La risposta alla sua richiesta",
            Letter.WITHDRAWN: "La sua richiesta è stata ritirata",
        },
        greeting="Gentile {name},",
        greeting_unknown="Buongiorno,",
        opening={
            Letter.RECEIPT: (
                "il {received} abbiamo ricevuto la sua richiesta: {kind}. Le risponderemo entro il {due}, senza costi."
            ),
            Letter.EXTENSION: (
                "il {received} abbiamo ricevuto la sua richiesta: {kind}. È più complessa del solito e non riusciamo a "
                "completarla in un mese: le risponderemo entro il {due}."
            ),
            Letter.ANSWER: "il {received} ci ha chiesto: {kind}. Ecco la nostra risposta.",
            Letter.WITHDRAWN: (
                "il {received} ci aveva chiesto: {kind}. Come da lei indicato, il {closed} abbiamo chiuso la richiesta "
                "senza fare nulla. Può farla di nuovo quando vuole."
            ),
        },
        identity=(
            "Prima dobbiamo essere certi che a chiedere sia lei: le scriviamo al recapito che già conosciamo e le "
            "basta confermare da lì. Non ci serve una copia del suo documento."
        ),
        done={
            RequestKind.ACCESS: (
                "Le consegniamo una copia di tutto quello che conserviamo di lei: che cosa, da dove viene, perché, per "
                "quanto tempo e a chi è stato dato. Si legge così com'è, e contiene anche i file per un computer."
            ),
            RequestKind.PORTABILITY: (
                "Le consegniamo i dati che ci ha dato e quelli nati dai suoi acquisti, in file che un altro servizio "
                "può leggere."
            ),
            RequestKind.RECTIFICATION: "Abbiamo corretto i dati come ci ha indicato e avvisato chi li aveva ricevuti.",
            RequestKind.ERASURE: (
                "Abbiamo cancellato i suoi dati e avvisato chi li aveva ricevuti. Nelle copie di sicurezza spariscono "
                "entro 35 giorni."
            ),
            RequestKind.RESTRICTION: (
                "Da oggi conserviamo i suoi dati senza usarli in nessun modo. La avviseremo prima di riprendere."
            ),
            RequestKind.OBJECTION: (
                "Non useremo più i suoi dati per offerte, profili o ricerche, con nessun mezzo. Vale da subito."
            ),
        },
        partly="Abbiamo accolto la richiesta in parte: il motivo è qui sotto.",
        refused="Non possiamo accogliere la richiesta: il motivo è qui sotto.",
        nothing_held="Abbiamo cercato: presso di noi non risultano dati che la riguardano.",
        reason_title="Il motivo",
        kept_title="Che cosa resta, e perché",
        rights=(
            "Se non è d'accordo, può scriverci a {contact}.",
            (
                "Può anche presentare reclamo al Garante per la protezione dei dati personali "
                "(www.garanteprivacy.it) o rivolgersi al giudice."
            ),
        ),
        footer="{shop} · richiesta del {received}",
    ),
    "en": Words(
        file={
            Letter.RECEIPT: "receipt",
            Letter.EXTENSION: "extension",
            Letter.ANSWER: "answer",
            Letter.WITHDRAWN: "withdrawal",
        },
        title={
            Letter.RECEIPT: "We have received your request",
            Letter.EXTENSION: "We need more time for your request",
            Letter.ANSWER: "Our answer to your request",
            Letter.WITHDRAWN: "Your request was taken back",
        },
        greeting="Dear {name},",
        greeting_unknown="Hello,",
        opening={
            Letter.RECEIPT: "On {received} we received your request: {kind}. We will answer by {due}, free of charge.",
            Letter.EXTENSION: (
                "On {received} we received your request: {kind}. It is more complex than most and we cannot complete "
                "it within a month: we will answer by {due}."
            ),
            Letter.ANSWER: "On {received} you asked us for: {kind}. This is our answer.",
            Letter.WITHDRAWN: (
                "On {received} you asked us for: {kind}. As you told us, we closed the request on {closed} and did "
                "nothing. You can make it again whenever you like."
            ),
        },
        identity=(
            "First we must be certain that it is you who is asking: we write to the address we already know, and you "
            "only need to confirm from there. We do not need a copy of your identity document."
        ),
        done={
            RequestKind.ACCESS: (
                "We hand you a copy of everything we keep about you: what it is, where it comes from, why, for how "
                "long, and to whom it was given. It can be read as it is, and also holds files for a computer."
            ),
            RequestKind.PORTABILITY: (
                "We hand you the data you gave us and those your purchases made, in files another service can read."
            ),
            RequestKind.RECTIFICATION: "We corrected the data as you told us, and told those who had received them.",
            RequestKind.ERASURE: (
                "We erased your data and told those who had received them. They leave the backups within 35 days."
            ),
            RequestKind.RESTRICTION: (
                "From today we keep your data without using them in any way. We will tell you before that changes."
            ),
            RequestKind.OBJECTION: (
                "We will no longer use your data for offers, profiles or research, by any means. It counts from now on."
            ),
        },
        partly="We granted the request in part: the reason is below.",
        refused="We cannot grant the request: the reason is below.",
        nothing_held="We searched: we hold no data about you.",
        reason_title="The reason",
        kept_title="What is kept, and why",
        rights=(
            "If you do not agree, write to us: {contact}.",
            (
                "You may also complain to the Italian data protection authority, the Garante per la protezione dei "
                "dati personali (www.garanteprivacy.it), or go to court."
            ),
        ),
        footer="{shop} · request of {received}",
    ),
}

_KEPT = {
    "it": {
        RequestKind.OBJECTION: [
            "i suoi dati, per gli acquisti e i servizi che ci chiede;",
            "la sua opposizione, perché continui a valere.",
        ],
        RequestKind.RESTRICTION: ["i suoi dati, fermi, finché lei o la legge non dicono altro."],
    },
    "en": {
        RequestKind.OBJECTION: [
            "your data, for the purchases and services you ask us for;",
            "your objection, so that it goes on to count.",
        ],
        RequestKind.RESTRICTION: ["your data, untouched, until you or the law say otherwise."],
    },
}


def kept_after(kind: str, language: str) -> list[str]:
    """Return what stays once a request was granted, each with its reason."""
    return _KEPT[language].get(RequestKind(kind), [])
