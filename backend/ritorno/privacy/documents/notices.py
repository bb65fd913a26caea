"""The privacy notice, for data the person gives (art. 13) and for data that come from elsewhere (art. 14)."""

from ritorno.accountability.models import ProcessingActivity
from ritorno.privacy.documents import blocks
from ritorno.privacy.documents.blocks import Block
from ritorno.privacy.documents.configured import Configured
from ritorno.privacy.documents.register import recipients_of
from ritorno.privacy.documents.speech import Speech
from ritorno.privacy.documents.suppliers import everybody


def given_by_the_person(known: Configured, say: Speech) -> list[Block]:
    """Return the notice of art. 13."""
    lead = say(
        "Gentile cliente, ecco che cosa facciamo con i Suoi dati, perché, per quanto tempo, e come può dirci di no.",
        "Dear customer, this is what we do with your data, why, for how long, and how you can tell us no.",
    )
    return [
        blocks.lead(lead),
        *_controller(known, say),
        *_purposes(known, say),
        blocks.section(say("Deve darci i dati?", "Do you have to give us your data?")),
        blocks.words(
            say(
                "Per un ordine, una consegna o una fattura ci servono i dati che chiediamo in quel momento: senza, non "
                "possiamo eseguirli. Tutto il resto è facoltativo: se dice di no non cambiano né i prezzi, né la "
                "tessera, né il servizio.",
                "For an order, a delivery or an invoice we need what we ask for at that moment: without it we cannot "
                "carry them out. All the rest is optional: if you say no, prices, card and service stay the same.",
            )
        ),
        *_the_rest(known, say),
    ]


def received_from_others(known: Configured, say: Speech) -> list[Block]:
    """Return the notice of art. 14: what art. 13 says, and where the data come from."""
    lead = say(
        "Gentile cliente, abbiamo ricevuto i Suoi dati da altri. Ecco da chi, che cosa ne facciamo e come può dirci di "
        "no.",
        "Dear customer, we received your data from others. This is from whom, what we do with them, and how you can "
        "tell us no.",
    )
    return [
        blocks.lead(lead),
        *_controller(known, say),
        blocks.section(say("Da dove vengono i dati", "Where the data come from")),
        blocks.words(
            say(
                "Da un partner a cui Lei ha permesso di passarceli, da chi ha comprato per Lei o a Suo nome, oppure da "
                "elenchi pubblici in cui compare. La scheda che La riguarda indica la fonte precisa e la data: gliela "
                "diciamo nel primo messaggio, al più entro un mese, e ogni volta che la chiede.",
                "From a partner you allowed to pass them on, from somebody who bought for you or in your name, or from "
                "public directories in which you stand. The card about you names the exact source and the day: we "
                "tell you in our first message, within a month at the latest, and whenever you ask.",
            )
        ),
        blocks.part(say("Quali dati", "Which data")),
        blocks.words(
            say(
                "Nome, recapiti e, se ce li ha passati chi li ha raccolti, la data e il testo del Suo consenso.",
                "Name, contact details and, where whoever collected them passed them on, the day and the text of your "
                "consent.",
            )
        ),
        *_purposes(known, say),
        *_the_rest(known, say),
    ]


def _controller(known: Configured, say: Speech) -> list[Block]:
    business = known.business
    return [
        blocks.section(say("Chi tratta i dati", "Who processes the data")),
        blocks.facts(
            (say("Titolare", "Controller"), business.name),
            (say("Indirizzo", "Address"), business.address),
            (say("Email", "Email"), business.email),
            (say("Telefono", "Telephone"), business.phone),
        ),
    ]


def _purposes(known: Configured, say: Speech) -> list[Block]:
    found = [blocks.section(say("Perché, su quale base, per quanto tempo", "Why, on what basis, for how long"))]
    for row in shown(known):
        found += [
            blocks.part(say.of(row.name)),
            blocks.facts(
                (say("Che cosa facciamo", "What we do"), say.of(row.aim)),
                (say("Quali dati", "Which data"), say.of(row.data_categories)),
                (say("Base giuridica", "Legal basis"), say.capital(say.terms(row.legal_bases))),
                *(
                    [(say("Come La contattiamo", "How we reach you"), say.capital(say.terms(row.channels)))]
                    if row.channels
                    else []
                ),
                (say("Per quanto", "How long"), say.of(row.retention)),
            ),
        ]
    if any("LEGIT_INT_6_1_F" in row.legal_bases for row in shown(known)):
        found.append(
            blocks.words(
                say(
                    "Dove parliamo di legittimo interesse, è quello di far conoscere il negozio a chi già ci compra e "
                    "di capire come vanno le vendite. Lo abbiamo confrontato con i Suoi interessi; può chiederci come.",
                    "Where we speak of legitimate interest, it is to make the shop known to those who already buy from "
                    "us and to understand how sales go. We weighed it against your interests; you may ask us how.",
                )
            )
        )
    return found


def shown(known: Configured) -> list[ProcessingActivity]:
    """Return the rows a customer is told about: those with a purpose of their own."""
    return [row for row in known.in_force() if row.purpose is not None]


def _the_rest(known: Configured, say: Speech) -> list[Block]:
    return [
        *_objecting(known, say),
        *_who_else(known, say),
        *_profiling(known, say),
        *_minors(known, say),
        *_rights(known, say),
    ]


def _objecting(known: Configured, say: Speech) -> list[Block]:
    """Return the right to object, shown apart from everything else (art. 21(4))."""
    contact = known.business.email or known.business.phone or say("in negozio", "in the shop")
    return [
        blocks.note(
            say("Può dirci di no in ogni momento", "You can tell us no at any time"),
            say(
                "Ha il diritto di opporsi, senza motivo e gratis, all'uso dei Suoi dati per le offerte e a ogni "
                "profilazione che le riguarda (art. 21). Da quel momento smettiamo.",
                "You have the right to object, without a reason and free of charge, to the use of your data for offers "
                "and to any profiling related to them (art. 21). From that moment we stop.",
            ),
            say(
                f"Basta un clic nel link in fondo a ogni messaggio, rispondere STOP a un SMS, dirlo a chiunque in "
                f"negozio, o scriverci: {contact}.",
                f"One click on the link at the foot of every message is enough, or STOP in reply to a text, a word to "
                f"anybody in the shop, or a line to us: {contact}.",
            ),
        )
    ]


def _who_else(known: Configured, say: Speech) -> list[Block]:
    found = [blocks.section(say("Chi altro vede i dati", "Who else sees the data"))]
    services = sorted({say.small(say.of(each.service)) for each in known.active_processors})
    lines = [
        say(
            "Il personale del negozio, ciascuno per la sua parte, istruito e tenuto alla riservatezza.",
            "The shop's staff, each for their part, instructed and bound to confidentiality.",
        )
    ]
    if services:
        lines.append(
            say(
                f"Fornitori che lavorano per noi con un contratto (art. 28): {say.joined(services)}. L'elenco con i "
                f"nomi si ottiene chiedendolo.",
                f"Suppliers who work for us under a contract (art. 28): {say.joined(services)}. The list with their "
                f"names is given on request.",
            )
        )
    lines += [f"{say.of(row.name)}: {recipients_of(known, say, row)}." for row in shown(known) if row.recipient_ids]
    found.append(blocks.points(lines))
    if known.active_recipients:
        found += [
            blocks.part(say("Terzi, solo se Lei dice di sì a ciascuno", "Third parties, only if you say yes to each")),
            blocks.sheet(
                (say("A chi", "To whom"), say("Che cosa offre", "What it offers"), say("Perché", "Why")),
                [
                    (
                        f"{each.recipient.name} ({say.country(each.recipient.country)})",
                        each.recipient.merchandise_category,
                        each.recipient.stated_use,
                    )
                    for each in known.active_recipients
                ],
                (2, 1.5, 2.5),
            ),
        ]
    where = [
        f"{say.country(country)} ({say.term(tool)})"
        for _, country, tool in everybody(known)
        if country not in known.values.eea
    ]
    found.append(
        blocks.words(
            say(
                f"Fuori dallo Spazio economico europeo i dati vanno in: {'; '.join(sorted(set(where)))}.",
                f"Outside the European Economic Area data go to: {'; '.join(sorted(set(where)))}.",
            )
            if where
            else say("I dati restano nello Spazio economico europeo.", "Data stay in the European Economic Area.")
        )
    )
    return found


def _profiling(known: Configured, say: Speech) -> list[Block]:
    if not any(row.purpose == "PROFILING" for row in shown(known)):
        return []
    period = say.period(known.periods.get("PURCHASES_PROFILED") or "P12M")
    return [
        blocks.section(say("Come scegliamo le offerte", "How we choose offers")),
        blocks.words(
            say(
                f"Solo se Lei lo accetta, guardiamo che cosa ha comprato negli ultimi {period}, ogni quanto e per "
                "quali importi. Ne stimiamo quando potrebbe tornare e quali categorie potrebbero servirLe, e ordiniamo "
                "così ciò che Le scriviamo. Significa offerte più pertinenti, e meno messaggi. Nessuna decisione con "
                "effetti giuridici è presa da una macchina, e ogni stima si può vedere, spiegare e correggere.",
                f"Only if you agree, we look at what you bought in the last {period}, how often and for how much. From "
                "that we estimate when you may come back and which categories may be useful to you, and put what we "
                "write to you in that order. It means more relevant offers, and fewer messages. No decision with legal "
                "effects is taken by a machine, and every estimate can be seen, explained and corrected.",
            )
        ),
    ]


def _minors(known: Configured, say: Speech) -> list[Block]:
    return [
        blocks.section(say("Ragazze e ragazzi", "Young people")),
        blocks.words(
            say(
                "Sotto i 14 anni non inviamo mai offerte. Dai 14 ai 17 le inviamo solo a chi le chiede di persona "
                "online, senza profilazione e senza passare dati ad altri.",
                "Under 14 we never send offers. From 14 to 17 we send them only to those who ask for them online "
                "themselves, without profiling and without giving data to others.",
            )
        ),
    ]


def _rights(known: Configured, say: Speech) -> list[Block]:
    contact = say.joined([each for each in (known.business.email, known.business.phone) if each])
    where = f": {contact}" if contact else ""
    return [
        blocks.section(say("I Suoi diritti", "Your rights")),
        blocks.points(
            [
                say(
                    "sapere quali dati abbiamo e averne copia (art. 15)",
                    "to know which data we have, and have a copy (art. 15)",
                ),
                say("correggere ciò che è sbagliato (art. 16)", "to have what is wrong corrected (art. 16)"),
                say(
                    "far cancellare i dati, o bloccarne l'uso (art. 17 e 18)",
                    "to have data erased, or their use restricted (art. 17 and 18)",
                ),
                say(
                    "portarli altrove in un formato aperto (art. 20)",
                    "to take them elsewhere in an open format (art. 20)",
                ),
                say(
                    "opporsi, e ritirare un consenso: ciò che è avvenuto prima resta lecito (art. 21 e 7)",
                    "to object, and to withdraw a consent: what happened before stays lawful (art. 21 and 7)",
                ),
            ]
        ),
        blocks.words(
            say(
                f"Per esercitarli basta chiederlo, in qualsiasi modo{where}. Rispondiamo entro un mese, gratis. Se la "
                "risposta non La convince può rivolgersi al Garante per la protezione dei dati personali "
                "(www.garanteprivacy.it) o al giudice.",
                f"To use them it is enough to ask, in any way{where}. We answer within a month, free of charge. If the "
                "answer does not satisfy you, you may turn to the Italian data protection authority "
                "(www.garanteprivacy.it) or to a court.",
            )
        ),
    ]
