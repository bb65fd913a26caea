"""What each document is called."""

from ritorno.accountability.rules import DocumentKind

_TITLES: dict[DocumentKind, tuple[str, str]] = {
    DocumentKind.REGISTER: ("Registro dei trattamenti", "Register of processing activities"),
    DocumentKind.REGISTER_PROCESSOR: (
        "Registro dei trattamenti svolti per altri",
        "Register of processing on behalf of others",
    ),
    DocumentKind.NOTICE: ("Informativa sui dati personali", "Privacy notice"),
    DocumentKind.NOTICE_14: (
        "Informativa sui dati ricevuti da altri",
        "Privacy notice for data received from others",
    ),
    DocumentKind.DPIA_SCREENING: ("Serve una valutazione d'impatto?", "Is an impact assessment needed?"),
    DocumentKind.LIA_POST: (
        "Legittimo interesse: offerte per posta",
        "Legitimate interest: offers by post",
    ),
    DocumentKind.LIA_PHONE: (
        "Legittimo interesse: offerte per telefono",
        "Legitimate interest: offers by telephone",
    ),
    DocumentKind.DPA_LIST: ("Responsabili e accordi", "Processors and agreements"),
    DocumentKind.TRANSFERS: ("Sub-responsabili e trasferimenti", "Sub-processors and transfers"),
    DocumentKind.STAFF_INSTRUCTIONS: ("Istruzioni a chi tratta i dati", "Instructions to staff who handle data"),
    DocumentKind.SECURITY_MEASURES: ("Misure di sicurezza", "Security measures"),
    DocumentKind.BREACH_LOG: ("Registro delle violazioni", "Log of personal data breaches"),
    DocumentKind.PROCESSING_TERMS: (
        "Impegni di chi gestisce l'installazione",
        "Undertakings of the installation's operator",
    ),
}


def title(kind: DocumentKind, language: str) -> str:
    """Return what a document is called in a language."""
    return _TITLES[kind][language == "en"]
