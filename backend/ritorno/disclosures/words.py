"""What a recipient is told about a person (art. 19): by the reference that stood in the file, never by a name."""

from datetime import date
from uuid import UUID

from ritorno.disclosures.rules import NoticeCause

_SUBJECT = {
    "it": "Dati personali che Le abbiamo comunicato: {what}",
    "en": "Personal data we gave you: {what}",
}
_WHAT = {
    NoticeCause.WITHDRAWN: ("consenso ritirato", "consent withdrawn"),
    NoticeCause.OBJECTED: ("opposizione", "objection"),
    NoticeCause.ERASED: ("cancellazione", "erasure"),
    NoticeCause.RECTIFIED: ("rettifica", "rectification"),
    NoticeCause.RESTRICTED: ("limitazione", "restriction"),
}
_ASKED = {
    NoticeCause.WITHDRAWN: (
        (
            "La persona con il riferimento indicato sotto ha ritirato il consenso a che Voi usiate i suoi dati. Vi "
            "chiediamo di smettere subito e di cancellarli."
        ),
        (
            "The person with the reference below has withdrawn the consent to your use of their data. Please stop at "
            "once and erase them."
        ),
    ),
    NoticeCause.OBJECTED: (
        (
            "La persona con il riferimento indicato sotto si è opposta all'uso dei suoi dati. Vi chiediamo di smettere "
            "subito e di cancellarli."
        ),
        "The person with the reference below has objected to the use of their data. Please stop and erase them.",
    ),
    NoticeCause.ERASED: (
        (
            "La persona con il riferimento indicato sotto ha ottenuto la cancellazione dei suoi dati. Vi chiediamo di "
            "cancellare anche i Vostri, copie comprese (art. 17 e 19 del Regolamento)."
        ),
        (
            "The person with the reference below has had their data erased. Please erase yours too, copies included "
            "(art. 17 and 19 of the Regulation)."
        ),
    ),
    NoticeCause.RECTIFIED: (
        (
            "Un recapito della persona con il riferimento indicato sotto non era più giusto ed è stato corretto. Vi "
            "chiediamo di non usare più quello che avete ricevuto (art. 16 e 19 del Regolamento)."
        ),
        (
            "A contact of the person with the reference below was no longer right and has been corrected. Please no "
            "longer use the one you received (art. 16 and 19 of the Regulation)."
        ),
    ),
    NoticeCause.RESTRICTED: (
        (
            "L'uso dei dati della persona con il riferimento indicato sotto è limitato. Vi chiediamo di conservarli "
            "senza usarli finché non Vi scriviamo di nuovo (art. 18 e 19 del Regolamento)."
        ),
        (
            "The use of the data of the person with the reference below is restricted. Please keep them without using "
            "them until we write again (art. 18 and 19 of the Regulation)."
        ),
    ),
}
_CLOSING = {
    "it": "Riferimento nel file ricevuto: {reference}\nData: {day}\n\nVi preghiamo di confermarci che è stato fatto.",
    "en": "Reference in the file you received: {reference}\nDate: {day}\n\nPlease confirm to us that it was done.",
}


def letter(cause: NoticeCause, reference: UUID, day: date, language: str) -> tuple[str, str]:
    """Return the subject and the text of what a recipient is told."""
    english = language == "en"
    subject = _SUBJECT[language].format(what=_WHAT[cause][english])
    closing = _CLOSING[language].format(reference=reference, day=day.isoformat())
    return subject, f"{_ASKED[cause][english]}\n\n{closing}"
