"""How shops, tills and spreadsheets call each field, in Italian and in English, abbreviations included."""

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "external_id": "codice cliente, cod cliente, id cliente, cod cli, codcli, idcliente, customer id, customer number, "
    "customer code, matricola, numero cliente, n cliente, external id, id esterno, ~id, ~codice, ~code",
    "card": "tessera, numero tessera, n tessera, nr tessera, num tessera, codice tessera, cod tessera, carta fedelta, "
    "fidelity, fidelity card, fidelity card number, card, card number, loyalty card, carta, numero carta, tessera "
    "punti, codice carta, barcode tessera, ean tessera",
    "fiscal_code": "codice fiscale, cod fiscale, cod fisc, codfisc, cf, c f, codicefiscale, fiscal code, tax code",
    "given_name": "nome, first name, given name, firstname, name, nome cliente, nome battesimo",
    "family_name": "cognome, last name, surname, family name, lastname, cognome cliente",
    "full_name": "nominativo, nome e cognome, cognome e nome, nome cognome, cognome nome, full name, intestatario, "
    "denominazione, customer name, ~cliente, ~customer",
    "company_name": "ragione sociale, rag soc, ragsoc, ragione soc, azienda, societa, ditta, company, company name",
    "birth_on": "data nascita, data di nascita, dt nasc, dt nascita, datanascita, data nasc, nato il, nata il, "
    "nascita, birth date, date of birth, birthdate, birthday, dob, compleanno",
    "gender": "sesso, genere, gender, sex",
    "language": "lingua, language, lang, cod lingua",
    "email": "email, e mail, mail, posta elettronica, indirizzo email, indirizzo e mail, email address, e mail address",
    "phone": "cellulare, cell, tel cell, telefono cellulare, mobile, mobile phone, cell phone, num cell, numero "
    "cellulare, smartphone, telefono, tel, phone, phone number, numero telefono, telefono 1, tel 1, phone 1, recapito "
    "telefonico",
    "phone_2": "telefono 2, tel 2, phone 2, cellulare 2, cell 2, telefono casa, tel casa, telefono fisso, tel fisso, "
    "tel abitazione, altro telefono, home phone, landline, ~telefono, ~tel, ~phone",
    "street": "indirizzo, via, address, street, street address, address line 1, ind, indir, residenza, domicilio",
    "postal_code": "cap, c a p, codice postale, cod postale, codice avviamento postale, zip, zip code, postal code, "
    "postcode",
    "city": "citta, comune, localita, loc, city, town, citta residenza, comune residenza, paese residenza",
    "province": "provincia, prov, pr, sigla provincia, province, state",
    "country": "nazione, paese, stato, country, cod nazione, country code",
    "tags": "tag, tags, etichette, gruppo, gruppi, categoria cliente, labels",
    "interests": "interessi, interests, hobby, passioni, preferenze",
    "note": "note, nota, annotazioni, osservazioni, notes, comments, commenti",
    "home_store": "negozio, punto vendita, pdv, p v, filiale, store, shop, negozio iscrizione, negozio di riferimento, "
    "home store",
    "first_contact_on": "data iscrizione, data registrazione, iscritto il, cliente dal, data tesseramento, data "
    "emissione, data rilascio, data creazione, dt iscr, dt ins, data inserimento, registered on, registration date, "
    "signup date, created at, customer since, join date, primo contatto",
    "acquisition_source": "fonte, provenienza, canale acquisizione, source, acquisition source, origine",
    "spending_capacity": "capacita di spesa, fascia di spesa, spending capacity, spending band",
    "changed_on": "data modifica, ultima modifica, data aggiornamento, aggiornato il, dt mod, updated at, last "
    "modified, modified on, data variazione",
    "consent_email": "consenso email, consenso e mail, consenso mail, consenso marketing email, privacy email, email "
    "consent, newsletter, email opt in, ~consenso marketing, ~consenso mkt, ~marketing, ~consenso, ~privacy, "
    "~marketing consent, ~consenso commerciale",
    "consent_sms": "consenso sms, privacy sms, sms consent, sms opt in, consenso cellulare, consenso marketing sms",
    "consent_phone": "consenso telefono, consenso telefonico, consenso tel, phone consent, consenso chiamate",
    "consent_post": "consenso posta, consenso postale, consenso posta cartacea, post consent, mail consent postal",
    "consent_profiling": "consenso profilazione, profilazione, profiling consent, consenso profilo, profiling",
    "consent_on": "data consenso, data privacy, dt consenso, dt privacy, consenso del, consent date, data firma, data "
    "consensi, data informativa, consent on",
    "consent_text": "testo consenso, informativa, versione informativa, consent text, privacy version, notice",
    "consent_evidence": "prova consenso, modulo consenso, evidenza consenso, consent evidence, scansione, prova",
    "purpose": "finalita, scopo, purpose, tipo consenso, consenso, tipologia consenso",
    "channel": "canale, channel, mezzo, canale vendita",
    "answer": "risposta, valore, answer, esito, stato consenso, consenso si no, status, opt in",
    "occurred_on": "data, data scontrino, data acquisto, data vendita, data documento, data doc, dt doc, data "
    "movimento, data operazione, data ordine, date, purchase date, order date, transaction date, sale date, giorno, "
    "timestamp, created at, data ora, data consenso, consent date",
    "notice": "informativa, testo, versione informativa, notice, consent text, testo consenso",
    "evidence": "prova, evidenza, modulo, evidence, scansione, documento",
    "receipt": "scontrino, numero scontrino, n scontrino, nr scontrino, num scontrino, documento, numero documento, n "
    "documento, n doc, num doc, receipt, receipt number, order id, order number, ordine, numero ordine, transaction "
    "id, id transazione, fattura, numero fattura, invoice, ticket",
    "occurred_time": "ora, orario, time, ora scontrino, ora vendita",
    "store": "negozio, punto vendita, pdv, p v, filiale, store, shop, cod negozio, codice negozio, id negozio, store "
    "id, store code, cod pdv, cassa negozio",
    "customer_id": "codice cliente, cod cliente, id cliente, codcli, cod cli, customer id, customer, cliente, numero "
    "cliente, n cliente, customer code",
    "sku": "sku, codice articolo, cod articolo, cod art, codart, articolo, ean, barcode, codice a barre, codice "
    "prodotto, cod prodotto, product code, item code, product id, item, id prodotto, gtin, ~codice, ~code",
    "product_name": "descrizione, descr, desc articolo, descrizione articolo, descr articolo, prodotto, nome prodotto, "
    "product, product name, description, item name, item description",
    "category": "categoria, reparto, rep, category, department, settore, merceologia, categoria merceologica, "
    "famiglia, gruppo merceologico, product category, desc reparto",
    "brand": "marca, marchio, brand, produttore",
    "quantity": "quantita, qta, q ta, qt, quantity, qty, pezzi, pz, n pezzi",
    "unit_price": "prezzo, prezzo unitario, prezzo unit, pr unitario, unit price, price, listino",
    "discount": "sconto, discount, importo sconto, sc",
    "total": "importo, totale, tot, totale riga, valore, importo riga, total, amount, line total, imp, netto, importo "
    "netto, totale scontrino, imponibile, prezzo totale",
    "payment": "pagamento, tipo pagamento, modalita pagamento, mod pag, payment, payment method, forma pagamento",
    "reason": "motivo, causale, reason, motivo reso, motivazione",
    "name": "nome, descrizione, descr, denominazione, name, description, nome prodotto, descrizione articolo, product "
    "name, nome negozio, negozio, insegna, store name, punto vendita, prodotto, ragione sociale",
    "kind": "tipo, tipologia, tipo articolo, kind, type",
    "is_own": "marchio proprio, private label, own brand, is own, proprio",
    "similarity_group": "gruppo affinita, gruppo simili, similarity group, gruppo sostituti, alternative",
    "usual_interval_days": "durata giorni, giorni durata, intervallo giorni, usual interval days, riacquisto giorni, "
    "consumo giorni",
    "code": "codice, cod, code, id, codice negozio, cod negozio, cod pdv, store code, store id, pdv, sigla",
    "timezone": "fuso, fuso orario, timezone, time zone",
    "points": "punti, saldo punti, points, balance, points balance, saldo, punti residui, punti disponibili, tot punti",
    "as_of": "data, alla data, data saldo, al, as of, date, saldo al, data riferimento, aggiornato al",
    "amount": "importo, valore, amount, credito, controvalore, euro, buono",
    "value": "valore, value, recapito, contatto, indirizzo, address, contact",
    "since": "dal, data, since, date, data revoca, data cancellazione, data disiscrizione, unsubscribed at, "
    "unsubscribe date",
}
"""Folded: no accents, no case, no dots. Of the same field the likeliest come first. A name after ~ is a guess, taken
only when nothing better wants the column."""
