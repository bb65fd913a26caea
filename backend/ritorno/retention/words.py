"""What each clock of retention keeps and why, in words."""

from ritorno.retention.rules import Clock

CLOCKS: dict[Clock, dict[str, str]] = {
    Clock.PURCHASES_PROFILED: {
        "it": "Il dettaglio degli acquisti dice gusti e abitudini per questo tempo (provv. Garante 24.2.2005).",
        "en": "The detail of purchases tells tastes and habits for this long (Garante, 24.2.2005).",
    },
    Clock.PURCHASES_TRACED: {
        "it": "Poi lo scontrino resta, ma non è più di nessuno (provv. Garante 24.2.2005).",
        "en": "After this the receipt stays, but is nobody's any more (Garante, 24.2.2005).",
    },
    Clock.MESSAGES: {
        "it": "Che un messaggio è partito, quando e con quale esito.",
        "en": "That a message left, when, and what became of it.",
    },
    Clock.MESSAGE_CONTENTS: {
        "it": "Il testo dei messaggi inviati, di quelli trattenuti in prova e delle email arrivate che nessuno ha "
        "letto.",
        "en": "The text of messages sent, of those captured for a trial, and of mail that came in and nobody read.",
    },
    Clock.AUDIT: {
        "it": "Il registro di chi ha fatto e letto che cosa.",
        "en": "The log of who did and read what.",
    },
    Clock.CONSENT_PROOF: {
        "it": "La prova dei consensi, dopo la fine del rapporto (L. 689/1981, art. 28).",
        "en": "The proof of consents, after the relationship ended (Italian law 689/1981, art. 28).",
    },
    Clock.PENDING_CONFIRMATIONS: {
        "it": "Le richieste di conferma di un recapito a cui nessuno ha risposto.",
        "en": "Requests to confirm an address that nobody answered.",
    },
    Clock.FILES_OUT: {
        "it": "I file esportati e i fascicoli consegnati.",
        "en": "Files exported, and packs handed over.",
    },
    Clock.FILES_IN: {"it": "I file caricati.", "en": "Files uploaded."},
    Clock.WEBHOOK_PAYLOADS: {
        "it": "I dati grezzi ricevuti da negozi online e casse, e quelli in uscita.",
        "en": "Raw data received from web shops and tills, and what was passed on.",
    },
    Clock.UNCLAIMED: {
        "it": "Come si chiamava il cliente negli scontrini in cui nessuno è stato riconosciuto.",
        "en": "How receipts named their customer in which nobody was recognised.",
    },
    Clock.INACTIVE: {
        "it": "Senza acquisti né contatti per questo tempo, si chiede di nuovo il permesso.",
        "en": "Without a purchase or a word for this long, people are asked for permission again.",
    },
    Clock.INVOICES: {
        "it": "Fatture e scontrini come documenti contabili (art. 2220 c.c.).",
        "en": "Invoices and receipts as accounting documents (art. 2220 Italian civil code).",
    },
    Clock.SUPPRESSIONS: {
        "it": "Le impronte dei recapiti a cui non si scrive più: finché dura l’archivio (art. 21).",
        "en": "The fingerprints of addresses nobody writes to: as long as this installation lives (art. 21).",
    },
    Clock.REPLAYS: {
        "it": "Le risposte già date, ripetute se una richiesta arriva due volte.",
        "en": "Answers already given, repeated when a request comes twice.",
    },
}
