"""What an empty installation is given, once: texts to show, senders, templates, and the two recalls everybody wants."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries as register
from ritorno.accountability import service as accountability
from ritorno.consents import form_queries
from ritorno.consents import queries as consents
from ritorno.consents import service as consent_changes
from ritorno.consents.rules import Channel, FormMedium, Purpose
from ritorno.consents.schemas import ConsentFormCreate, FormBox, FormText
from ritorno.consents.service import NoticeText
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging import service as messaging
from ritorno.recalls import service as recalls

ACTOR = Actor.system("first start")

# One purpose, one text (C-05). The shop is expected to have them read by whoever advises it.
NOTICES: tuple[tuple[str, str, Purpose, bool, str, str], ...] = (
    (
        "offers",
        "Offerte e novità",
        Purpose.MKT_OWN,
        True,
        "Acconsento a ricevere offerte e novità di questo negozio sul canale che indico. Posso dire di no adesso o in "
        "qualsiasi momento, gratis e con un clic, e non cambia nulla: né i prezzi, né la tessera, né i punti.",
        "I agree to receive this shop's offers and news on the channel I choose. I can say no now or at any time, free "
        "of charge and in one click, and nothing else changes: not the prices, not the card, not the points.",
    ),
    (
        "purchases",
        "Uso degli acquisti",
        Purpose.PROFILING,
        True,
        "Acconsento che il negozio guardi che cosa compro e quando, per scrivermi solo ciò che può servirmi. È una "
        "scelta a parte: posso ricevere le offerte anche senza, e posso cambiare idea in qualsiasi momento.",
        "I agree that the shop looks at what I buy and when, to write to me only about what may be useful. This is a "
        "separate choice: I can receive offers without it, and I can change my mind at any time.",
    ),
    (
        "surveys",
        "Sondaggi",
        Purpose.MARKET_RESEARCH,
        True,
        "Acconsento a ricevere domande sul servizio e sui prodotti del negozio. Posso smettere in qualsiasi momento.",
        "I agree to receive questions about the shop's service and products. I can stop at any time.",
    ),
    (
        "at-sale",
        "Informativa alla vendita",
        Purpose.SERVICE,
        True,
        "Il Suo indirizzo serve per l'ordine e la garanzia. Potremo scriverLe di prodotti simili a quelli che ha "
        "comprato: se non lo desidera lo dica ora, oppure in ogni messaggio con un clic.",
        "Your address is used for the order and the warranty. We may write to you about products similar to those you "
        "bought: if you would rather not, say so now, or in every message with one click.",
    ),
    (
        "card",
        "Tessera e punti",
        Purpose.LOYALTY,
        False,
        "La tessera serve a tenere il conto dei Suoi punti e dei vantaggi: per questo bastano nome e recapito. Averla "
        "non La impegna a ricevere offerte. Può restituirla quando vuole.",
        "The card keeps account of your points and benefits: your name and one contact are enough for that. Having it "
        "does not commit you to receiving offers. You can give it back whenever you like.",
    ),
    (
        "opens",
        "Lettura delle email",
        Purpose.TRACK_OPEN,
        True,
        "Acconsento che il negozio sappia se apro le sue email. Le ricevo comunque anche se dico di no, e posso "
        "cambiare idea in qualsiasi momento.",
        "I agree that the shop knows whether I open its emails. I receive them all the same if I say no, and I can "
        "change my mind at any time.",
    ),
    (
        "clicks",
        "Collegamenti aperti",
        Purpose.TRACK_CLICK,
        True,
        "Acconsento che il negozio sappia quali collegamenti apro dai suoi messaggi, per capire che cosa mi interessa. "
        "Funzionano anche se dico di no, e posso cambiare idea in qualsiasi momento.",
        "I agree that the shop knows which links I open from its messages, to learn what interests me. They work all "
        "the same if I say no, and I can change my mind at any time.",
    ),
    (
        "care",
        "Allergie e cura della persona",
        Purpose.SPECIAL_CAT,
        True,
        "Acconsento espressamente che il negozio annoti le mie allergie e lo stato di pelle e capelli, solo per "
        "tenerne conto durante i servizi che chiedo. Non servono ad altro, e posso farle cancellare quando voglio.",
        "I expressly agree that the shop notes my allergies and the state of my skin and hair, only to mind them "
        "during the services I ask for. They serve nothing else, and I can have them deleted whenever I like.",
    ),
)


async def seed(session: AsyncSession, settings: Settings, *, notices_since: datetime | None = None) -> None:
    """Give what is missing; what is there stays as it is. `notices_since` dates the texts back for old papers."""
    await accountability.seed_register(session, actor=ACTOR)
    known = {each.notice.code for each in await consents.list_notices(session)}
    for code, name, purpose, offers_opt_out, italian, english in NOTICES:
        # Of what the shop does not do yet, such as following clicks, nobody is asked; a row of the register begins it.
        if code in known or not await register.is_registered(session, purpose=purpose):
            continue
        created = await consent_changes.create_notice(
            session,
            code=code,
            name=name,
            purpose=purpose,
            text=NoticeText("it", italian, offers_opt_out, effective_from=notices_since),
            actor=ACTOR,
        )
        await consent_changes.add_notice_version(
            session,
            created.notice.id,
            NoticeText("en", english, offers_opt_out, effective_from=notices_since, version=1),
            actor=ACTOR,
        )
    await _seed_form(session)
    await messaging.seed_senders(session, domain=urlsplit(settings.public_url).hostname or "localhost")
    await messaging.refresh_readiness(session, settings)
    await messaging.seed_templates(session, settings=settings)
    await recalls.seed_defaults(session)


FORM = "welcome"


async def _seed_form(session: AsyncSession) -> None:
    """Give the shop one sheet of paper to begin with: a box for each channel of its offers, and one for purchases."""
    if any(each.code == FORM for each in await form_queries.list_forms(session, at=clock.now())):
        return
    by_channel = {"email": Channel.EMAIL, "sms": Channel.SMS, "phone": Channel.PHONE_OPERATOR, "post": Channel.POST}
    offers = [
        FormBox(name=f"offers-{name}", notice="offers@1", purposes=[Purpose.MKT_OWN], channels=[channel])
        for name, channel in by_channel.items()
    ]
    body = ConsentFormCreate(
        code=FORM,
        name="Modulo di benvenuto",
        medium=FormMedium.PAPER,
        texts={
            "it": FormText(
                title="Restiamo in contatto?",
                introduction="Scelga Lei, casella per casella. Può lasciarle tutte vuote: tessera, prezzi e punti "
                "restano gli stessi.",
            ),
            "en": FormText(
                title="Shall we keep in touch?",
                introduction="You choose, box by box. You can leave them all empty: your card, the prices and the "
                "points stay the same.",
            ),
        },
        boxes=[*offers, FormBox(name="purchases", notice="purchases@1", purposes=[Purpose.PROFILING])],
    )
    form_id = await consent_changes.create_form(session, body, actor=ACTOR)
    made = await form_queries.get_form(session, form_id, at=clock.now())
    # A shop that has written newer texts, or none in one of the languages, finds a draft to complete.
    if made.draft is not None and not made.draft.faults:
        await consent_changes.publish_form(session, form_id, actor=ACTOR)
