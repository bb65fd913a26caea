"""What an erasure tells, in the words of the person and of staff."""

from ritorno.erasures.rules import KeptPart

KEPT: dict[KeptPart, dict[str, str]] = {
    KeptPart.LOCKED_DOCUMENTS: {
        "it": "Gli scontrini e le fatture legati a un obbligo fiscale, una contestazione o una garanzia restano "
        "bloccati finché il motivo dura (art. 17, par. 3, lett. b ed e).",
        "en": "Receipts and invoices tied to a tax duty, a dispute or a warranty stay locked for as long as the reason "
        "stands (art. 17(3)(b) and (e)).",
    },
    KeptPart.RECEIPTS: {
        "it": "Gli scontrini restano come documenti contabili, senza alcun legame con la persona (art. 2220 c.c.).",
        "en": "Receipts stay as accounting documents, with no link to the person (art. 2220 Italian civil code).",
    },
    KeptPart.CONSENT_PROOF: {
        "it": "La prova dei consensi resta per dimostrare che gli invii erano leciti: solo codici, senza nomi né "
        "recapiti (art. 17, par. 3, lett. e).",
        "en": "The proof of consents stays, to show that what was sent was lawful: codes only, no names and no "
        "addresses (art. 17(3)(e)).",
    },
    KeptPart.SUPPRESSION_HASHES: {
        "it": "Un’impronta cifrata di ogni recapito resta, perché nessuno possa più scrivergli se un vecchio elenco "
        "torna (art. 21, par. 3).",
        "en": "A keyed fingerprint of each address stays, so that nobody writes there again when an old list comes "
        "back (art. 21(3)).",
    },
    KeptPart.MESSAGE_RECORD: {
        "it": "Resta che un messaggio è partito e quando, senza il testo e senza il recapito.",
        "en": "That a message left and when stays, without its text and its address.",
    },
    KeptPart.AUDIT: {
        "it": "Resta il registro delle operazioni, che contiene solo codici (art. 5, par. 2).",
        "en": "The log of who did what stays; it holds codes only (art. 5(2)).",
    },
    KeptPart.BACKUPS: {
        "it": "Le copie di sicurezza scadono entro 35 giorni; se una venisse ripristinata, la cancellazione si ripete.",
        "en": "Backups expire within 35 days; should one be restored, the erasure is done again.",
    },
}

CERTIFICATE: dict[str, dict[str, str]] = {
    "it": {
        "title": "Certificato di cancellazione",
        "footer": "Cancellazione dei dati, art. 17 del Regolamento (UE) 2016/679",
        "reference": "Numero",
        "request": "Richiesta",
        "no_request": "senza numero di richiesta",
        "day": "Eseguita il",
        "extent": "Esito",
        "whole": "Dati cancellati",
        "partial": "Dati cancellati in parte: alcuni documenti restano bloccati",
        "gone": "Che cosa non c’è più",
        "what": "Dati",
        "count": "Righe",
        "nothing": "Non c’era nulla da cancellare.",
        "kept": "Che cosa resta, e perché",
        "until": "fino al",
        "told": "Chi altro deve cancellare",
        "told_yes": "avvisato",
        "told_no": "ancora da avvisare",
        "nobody": "Nessun fornitore trattava questi dati.",
        "backups": "Questo certificato non contiene dati personali: il numero della richiesta è l’unico riferimento.",
    },
    "en": {
        "title": "Certificate of erasure",
        "footer": "Erasure of personal data, art. 17 of Regulation (EU) 2016/679",
        "reference": "Number",
        "request": "Request",
        "no_request": "without a request number",
        "day": "Carried out on",
        "extent": "Outcome",
        "whole": "The data were erased",
        "partial": "The data were erased in part: some documents stay locked",
        "gone": "What is gone",
        "what": "Data",
        "count": "Rows",
        "nothing": "There was nothing to erase.",
        "kept": "What stays, and why",
        "until": "until",
        "told": "Who else has to erase",
        "told_yes": "told",
        "told_no": "still to be told",
        "nobody": "No supplier processed these data.",
        "backups": "This certificate holds no personal data: the number of the request is the only reference.",
    },
}

_SECTIONS: dict[str, tuple[str, str]] = {
    "card_confirmations": ("Conferme della scheda", "Confirmations of the card"),
    "card_quality": ("Qualità della scheda", "Quality of the card"),
    "category_profiles": ("Profilo degli acquisti per categoria", "Profile of purchases by category"),
    "category_scores": ("Previsioni per categoria", "Forecasts by category"),
    "confirmations": ("Conferme dei recapiti", "Confirmations of addresses"),
    "consent_states": ("Stato dei consensi", "Where consents stood"),
    "contact_points": ("Recapiti", "Addresses and numbers"),
    "customer_interests": ("Interessi", "Interests"),
    "customer_notes": ("Note del personale", "Notes of staff"),
    "customer_scores": ("Previsioni", "Forecasts"),
    "customer_tags": ("Etichette", "Tags"),
    "duplicate_pairs": ("Possibili doppioni", "Possible duplicates"),
    "identifiers": ("Tessere e codici", "Cards and codes"),
    "import_rows": ("Righe di file importati", "Rows of imported files"),
    "imported_customers": ("Righe in lavorazione", "Rows in progress"),
    "inbound_mails": ("Email tornate o ricevute", "Mail that came back or was received"),
    "inbound_texts": ("SMS ricevuti", "Texts received"),
    "lake_pseudonyms": ("Legame con gli acquisti archiviati", "Link to archived purchases"),
    "past_category_profiles": ("Profilo storico per categoria", "Past profile by category"),
    "past_profiles": ("Profilo storico", "Past profile"),
    "profiles": ("Profilo degli acquisti", "Profile of purchases"),
    "recall_dismissals": ("Richiami rinviati", "Recalls put off"),
    "recall_occasions": ("Richiami previsti", "Recalls planned"),
    "recipient_states": ("Stato dei consensi a terzi", "Where consents to third parties stood"),
    "replies": ("Risposte ai messaggi", "Replies to messages"),
    "tasks": ("Attività da svolgere", "Tasks"),
    "transaction_lines": ("Legame con i prodotti acquistati", "Link to products bought"),
    "transactions": ("Legame con gli scontrini", "Link to receipts"),
}


def section_words(table: str, language: str) -> str:
    """Return what a table holds, in words."""
    italian, english = _SECTIONS[table]
    return italian if language == "it" else english
