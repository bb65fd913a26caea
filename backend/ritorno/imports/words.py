"""What is said of a row, in Italian, for files that leave the screen; the screen has the same words of its own.

English is the message of the finding itself.
"""

from typing import Any

ITALIAN = {
    "unclosed-quote": "Virgolette aperte e mai chiuse",
    "bad-quotes": "Virgolette che si chiudono a metà di una cella",
    "too-few-cells": "Meno celle delle colonne",
    "too-many-cells": "Più celle delle colonne",
    "cell-too-long": "Una cella è troppo lunga",
    "undecodable": "Caratteri illeggibili in questa codifica",
    "nul-character": "Una cella contiene un carattere vuoto (NUL)",
    "header-repeated": "L’intestazione si ripete: non è una riga",
    "title-skipped": "Una riga sopra l’intestazione non si legge",
    "no-header": "Il file non ha intestazioni: le colonne sono numerate",
    "no-rows": "Non ci sono righe di dati",
    "duplicate-header": "Due colonne hanno lo stesso nome",
    "unnamed-column": "Una colonna non ha nome",
    "two-row-header": "L’intestazione è su due righe: si legge quella sotto",
    "merged-cells": "Celle unite: il valore vale per tutte",
    "error-cell": "Una cella contiene un errore del foglio",
    "number-as-float": "Un numero con più di quindici cifre: il foglio ha perso le altre",
    "mixed-dates": "Alcune celle sono date, altre testo: giorno e mese possono essere scambiati",
    "ambiguous-dates": "Le date si possono leggere in più modi: lo decide chi importa",
    "other-sheets": "Il file ha più fogli: se ne legge uno",
    "bad-date": "La data non ha il formato dichiarato, o è nel futuro",
    "no-such-day": "Questo giorno non esiste",
    "bad-time": "L’ora non si legge",
    "bad-number": "Il numero non si legge",
    "bad-boolean": "Non è né sì né no",
    "bad-gender": "Il sesso non si legge",
    "bad-card": "Non è un numero di tessera",
    "bad-check-digit": "La cifra di controllo della tessera è sbagliata",
    "rounded-number": "Il foglio ha arrotondato il numero: le cifre sono perse",
    "bad-fiscal-code": "Il codice fiscale non è valido",
    "leading-zero-lost": "Lo zero iniziale si era perso: rimesso",
    "fiscal-birth-differs": "La nascita non è quella del codice fiscale",
    "fiscal-gender-differs": "Il sesso non è quello del codice fiscale",
    "too-long": "Il testo è troppo lungo",
    "bad-value": "Il valore non va bene",
    "bad-language": "La lingua non si riconosce",
    "bad-country": "Il paese non si riconosce",
    "unknown-value": "Il valore non è tra quelli possibili",
    "bad-birth": "La data di nascita è impossibile",
    "birth-differs": "La nascita non è quella del codice fiscale, che vale",
    "address-incomplete": "Senza via e città non è un indirizzo: il resto è lasciato fuori",
    "bad-address": "Servono almeno via e città",
    "bad-email": "L’indirizzo email non è valido",
    "no-person-email": "È una casella che nessuno legge",
    "bad-phone": "Il numero di telefono non è valido",
    "premium-phone": "È un numero a pagamento",
    "with-another": "Un’altra riga dello stesso scontrino non può entrare",
    "several-cards": "Tessera e codici sono di schede diverse: forse doppioni",
    "customer-erased": "La persona ha chiesto la cancellazione dei dati",
    "fiscal-code-differs": "La scheda ha già un altro codice fiscale",
    "nobody-named": "Un nome da solo non riconosce nessuno: serve un codice, un recapito o la nascita",
    "nobody-found": "Nessuna scheda ha questi codici o recapiti",
    "receipt-differs": "Le righe dello stesso scontrino dicono cose diverse",
    "taken-back-before": "Questo stesso sì è stato tolto annullando un’importazione: non vale più",
    "UNPROVEN": "Un sì senza data, testo o prova: resta «Manca la prova»",
    "SUPPRESSED": "L’indirizzo è nella lista «non contattare» e ci resta",
    "SUPPRESSED_ERASED": "Aveva chiesto la cancellazione: l’indirizzo resta bloccato",
    "BAD_TIME": "La data del consenso è impossibile",
}


def reasons(findings: list[dict[str, Any]], language: str) -> str:
    """Return the findings of a row as one cell, each after the name of its column."""
    said = [
        (each.get("column"), ITALIAN.get(each["code"], each["message"]) if language == "it" else each["message"])
        for each in findings
    ]
    return "; ".join(f"{column}: {sentence}" if column else sentence for column, sentence in said)
