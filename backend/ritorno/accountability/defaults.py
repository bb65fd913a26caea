"""The rows of the register that a new installation needs from its first day; the shop completes and corrects them."""

from datetime import date

from ritorno.accountability.schemas import BilingualIn, ProcessingActivityCreate


def _both(italian: str, english: str) -> BilingualIn:
    return BilingualIn(it=italian, en=english)


_CUSTOMERS = _both("Clienti e persone che si informano", "Customers and people who enquire")
_IDENTITY = "dati anagrafici, recapiti, numero di tessera"
_IDENTITY_EN = "identity, contact details, card number"
_NOBODY = _both(
    "Nessuno, oltre al personale autorizzato e ai responsabili indicati",
    "Nobody beyond authorised staff and the processors named",
)
_NO_TRANSFER = _both(
    "Nessun trasferimento fuori dallo Spazio economico europeo, salvo quanto indicato per i responsabili",
    "No transfer outside the European Economic Area, except as stated for the processors",
)
_SECURITY = _both("Si veda la scheda delle misure di sicurezza", "See the sheet of security measures")


def activities(since: date) -> list[ProcessingActivityCreate]:
    """Return the rows, dated: what the product does without anybody switching anything on."""
    return [
        ProcessingActivityCreate(
            code="sales-and-service",
            purpose="SERVICE",
            channels=["EMAIL", "SMS", "PHONE_OPERATOR", "POST"],
            legal_bases=["CONTRACT_6_1_B", "PRECONTRACT_6_1_B"],
            name=_both("Vendita e assistenza", "Sales and service"),
            aim=_both(
                "Eseguire ordini, consegne, resi e garanzie; rispondere a chi chiede; avvisare di ciò che riguarda "
                "un acquisto",
                "Carrying out orders, deliveries, returns and warranties; answering enquiries; telling people what "
                "concerns a purchase",
            ),
            people=_CUSTOMERS,
            data_categories=_both(
                f"{_IDENTITY.capitalize()}, acquisti con data, luogo, prodotti e importi, messaggi di servizio",
                f"{_IDENTITY_EN.capitalize()}, purchases with date, place, products and amounts, service messages",
            ),
            recipients=_NOBODY,
            transfers=_NO_TRANSFER,
            retention=_both(
                "Il dettaglio degli acquisti resta legato alla persona per 24 mesi, poi conta solo in forma anonima; "
                "i messaggi 24 mesi, il loro testo 3 mesi; le ricevute senza cliente riconosciuto 24 mesi",
                "The detail of purchases stays with the person for 24 months and then counts anonymously; messages "
                "24 months, their text 3 months; receipts in which nobody was recognised 24 months",
            ),
            retention_periods={
                "PURCHASES_TRACED": "P24M",
                "MESSAGES": "P24M",
                "MESSAGE_CONTENTS": "P3M",
                "UNCLAIMED": "P24M",
                "WEBHOOK_PAYLOADS": "P90D",
            },
            security=_SECURITY,
            since=since,
        ),
        ProcessingActivityCreate(
            code="legal-duties",
            purpose="LEGAL_SAFETY",
            channels=["EMAIL", "SMS", "PHONE_OPERATOR", "POST"],
            legal_bases=["LEGAL_OBL_6_1_C"],
            name=_both("Obblighi di legge e sicurezza dei prodotti", "Legal duties and product safety"),
            aim=_both(
                "Tenere i documenti contabili e fiscali; richiamare prodotti non sicuri avvisando chi li ha comprati",
                "Keeping accounting and tax documents; recalling unsafe products by telling those who bought them",
            ),
            people=_CUSTOMERS,
            data_categories=_both(
                f"{_IDENTITY.capitalize()}, acquisti, codice fiscale dove serve alla fattura",
                f"{_IDENTITY_EN.capitalize()}, purchases, tax code where an invoice needs it",
            ),
            recipients=_both(
                "Autorità fiscali e di vigilanza, quando la legge lo chiede",
                "Tax and market authorities, where the law requires",
            ),
            transfers=_NO_TRANSFER,
            retention=_both(
                "Documenti contabili 10 anni (art. 2220 c.c.)", "Accounting documents 10 years (art. 2220 Civil Code)"
            ),
            retention_periods={"INVOICES": "P120M"},
            security=_SECURITY,
            since=since,
        ),
        ProcessingActivityCreate(
            code="own-marketing",
            purpose="MKT_OWN",
            channels=["EMAIL", "SMS", "PHONE_OPERATOR", "POST"],
            legal_bases=["CONSENT_6_1_A", "SOFT_OPTIN_130_4", "LEGIT_INT_6_1_F"],
            name=_both("Offerte e novità del negozio", "The shop's offers and news"),
            aim=_both(
                "Scrivere o telefonare a chi lo ha accettato; via email, anche a chi ha comprato prodotti simili e "
                "non ha detto di no (art. 130, comma 4); per posta, ai clienti informati che non si sono opposti",
                "Writing to or calling those who agreed; by email also those who bought similar products and did not "
                "refuse (art. 130(4)); by post informed customers who did not object",
            ),
            people=_both("Clienti e persone iscritte", "Customers and people who signed up"),
            data_categories=_both(
                "Nome, recapito del canale scelto, lingua, consensi con data e testo, messaggi ricevuti",
                "Name, contact of the chosen channel, language, consents with date and text, messages received",
            ),
            recipients=_NOBODY,
            transfers=_NO_TRANSFER,
            retention=_both(
                "Fino al no della persona; dopo 24 mesi senza acquisti né risposte chiediamo di nuovo; iscrizioni "
                "mai confermate 30 giorni",
                "Until the person says no; after 24 months without a purchase or an answer we ask again; sign-ups "
                "never confirmed 30 days",
            ),
            retention_periods={"INACTIVE": "P24M", "PENDING_CONFIRMATIONS": "P30D"},
            security=_SECURITY,
            since=since,
        ),
        ProcessingActivityCreate(
            code="profiling",
            purpose="PROFILING",
            legal_bases=["CONSENT_6_1_A"],
            name=_both("Offerte scelte dagli acquisti", "Offers chosen from purchases"),
            aim=_both(
                "Stimare dagli acquisti di chi lo ha accettato che cosa può servirgli e quando, per scrivere meno e "
                "meglio; nessuna decisione automatica con effetti giuridici",
                "Estimating, from the purchases of those who agreed, what may be useful to them and when, so as to "
                "write less and better; no automated decision with legal effects",
            ),
            people=_both("Clienti che lo hanno accettato", "Customers who agreed"),
            data_categories=_both(
                "Acquisti per categoria, frequenza e importo; stime che ne derivano",
                "Purchases by category, frequency and amount; the estimates drawn from them",
            ),
            recipients=_NOBODY,
            transfers=_NO_TRANSFER,
            retention=_both(
                "Si guardano solo gli acquisti degli ultimi 12 mesi; le stime si rifanno ogni notte",
                "Only purchases of the last 12 months are looked at; estimates are made anew every night",
            ),
            retention_periods={"PURCHASES_PROFILED": "P12M"},
            security=_SECURITY,
            since=since,
        ),
        ProcessingActivityCreate(
            code="surveys",
            purpose="MARKET_RESEARCH",
            channels=["EMAIL", "SMS", "PHONE_OPERATOR", "POST"],
            legal_bases=["CONSENT_6_1_A"],
            name=_both("Sondaggi", "Surveys"),
            aim=_both(
                "Chiedere a chi lo ha accettato un parere su servizio e prodotti",
                "Asking those who agreed what they think of service and products",
            ),
            people=_both("Clienti che lo hanno accettato", "Customers who agreed"),
            data_categories=_both("Nome, recapito, risposte", "Name, contact details, answers"),
            recipients=_NOBODY,
            transfers=_NO_TRANSFER,
            retention=_both("Fino al no della persona", "Until the person says no"),
            security=_SECURITY,
            since=since,
        ),
        ProcessingActivityCreate(
            code="statistics",
            purpose="STATS_AGG",
            legal_bases=["LEGIT_INT_6_1_F"],
            name=_both("Statistiche anonime", "Anonymous statistics"),
            aim=_both(
                "Contare vendite e risultati delle campagne; i gruppi sotto le 10 persone non si mostrano",
                "Counting sales and the results of campaigns; groups of fewer than 10 people are not shown",
            ),
            people=_CUSTOMERS,
            data_categories=_both("Acquisti e messaggi, in forma aggregata", "Purchases and messages, aggregated"),
            recipients=_NOBODY,
            transfers=_NO_TRANSFER,
            retention=_both("I totali restano; non riguardano persone", "Totals stay; they concern no person"),
            security=_SECURITY,
            since=since,
        ),
        ProcessingActivityCreate(
            code="rights-and-proof",
            legal_bases=["LEGAL_OBL_6_1_C"],
            name=_both("Richieste delle persone e prova dei consensi", "People's requests and proof of consents"),
            aim=_both(
                "Rispondere alle richieste sui dati, provare i consensi, ricordare i no e rispettarli anche dopo una "
                "cancellazione",
                "Answering requests about data, proving consents, remembering every no and honouring it even after "
                "an erasure",
            ),
            people=_both(
                "Clienti, anche passati, e chi ha chiesto di non essere contattato",
                "Customers, past ones too, and those who asked not to be contacted",
            ),
            data_categories=_both(
                "Registro dei consensi e prove, richieste e risposte, impronte cifrate dei recapiti da non usare",
                "Ledger of consents and evidence, requests and answers, keyed hashes of contacts not to be used",
            ),
            recipients=_both("Garante, su richiesta", "The supervisory authority, on request"),
            transfers=_NO_TRANSFER,
            retention=_both(
                "Prova dei consensi: 5 anni dalla fine del rapporto; impronte: finché il negozio esiste",
                "Proof of consents: 5 years from the end of the relationship; hashes: as long as the shop exists",
            ),
            retention_periods={"CONSENT_PROOF": "P60M"},
            security=_SECURITY,
            since=since,
        ),
        ProcessingActivityCreate(
            code="staff-and-security",
            legal_bases=["LEGIT_INT_6_1_F"],
            name=_both("Accessi del personale e sicurezza", "Staff access and security"),
            aim=_both(
                "Dare a ciascuno gli accessi che gli servono e sapere chi ha visto o cambiato che cosa",
                "Giving everybody the access they need, and knowing who saw or changed what",
            ),
            people=_both("Personale del negozio", "Staff of the shop"),
            data_categories=_both(
                "Nome, email di lavoro, ruolo, accessi e operazioni", "Name, work email, role, sign-ins and acts"
            ),
            recipients=_NOBODY,
            transfers=_NO_TRANSFER,
            retention=_both(
                "Registro delle operazioni 24 mesi; file esportati 7 giorni, importati 90 giorni",
                "Log of acts 24 months; exported files 7 days, imported ones 90 days",
            ),
            retention_periods={"AUDIT": "P24M", "FILES_OUT": "P7D", "FILES_IN": "P90D", "REPLAYS": "P2D"},
            security=_SECURITY,
            since=since,
        ),
    ]
