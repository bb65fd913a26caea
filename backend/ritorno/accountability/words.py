"""What the operator of an installation undertakes towards the business (art. 28), in both languages."""

import hashlib

TERMS_VERSION = "2026-11"

_TERMS = {
    "it": (
        ("Chi gestisce questa installazione tratta i dati solo per conto del negozio e secondo le sue istruzioni, "
         "scritte in questo programma: scopi, consensi, tempi di conservazione."),
        ("Le persone che possono vedere i dati sono nominate una per una, con il ruolo che basta al loro lavoro, e "
         "sono tenute alla riservatezza."),
        ("I dati sono protetti con le misure descritte nella scheda di sicurezza, che si rigenera dai fatti e si "
         "conserva a ogni versione."),
        ("Altri fornitori entrano solo se il negozio li ha iscritti fra i responsabili, con il Paese, lo strumento "
         "di trasferimento e l'accordo firmato."),
        ("Chi gestisce aiuta il negozio a rispondere alle richieste delle persone, alle valutazioni d'impatto e alle"
         " domande del Garante."),
        "Di una violazione avvisa il negozio senza ritardo, al più entro 24 ore da quando ne ha notizia.",
        ("Alla fine restituisce tutti i dati in un formato aperto e poi li cancella; le copie di sicurezza scadono "
         "entro 35 giorni."),
        ("Il negozio può controllare in ogni momento: registri, prove e catena di controllo sono leggibili e "
         "scaricabili."),
    ),
    "en": (
        ("Whoever operates this installation processes data only for the shop and on its instructions, which are "
         "written in this programme: purposes, consents, retention."),
        ("The people who may see data are named one by one, with no more than their work needs, and are bound to "
         "confidentiality."),
        ("Data are protected by the measures in the security sheet, which is made from the facts and kept in every "
         "version."),
        ("Other suppliers come in only when the shop has entered them as processors, with country, transfer tool and"
         " signed agreement."),
        "The operator helps the shop to answer people's requests, impact assessments and the authority's questions.",
        "It tells the shop of a breach without delay, within 24 hours of learning of it at the latest.",
        "At the end it returns all data in an open format and then erases them; backups expire within 35 days.",
        "The shop may check at any time: registers, evidence and the audit chain can be read and downloaded.",
    ),
}  # fmt: skip


def terms() -> dict[str, str]:
    """Return the terms in force, one sentence a line."""
    return {language: "\n".join(lines) for language, lines in _TERMS.items()}


def terms_sha256() -> str:
    """Return the digest of the words, both languages together, by which an acceptance names them."""
    return hashlib.sha256("\n\n".join(terms().values()).encode()).hexdigest()
