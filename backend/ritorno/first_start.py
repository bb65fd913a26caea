"""What an empty installation is given, once: texts to show, senders, templates, and the two recalls everybody wants."""

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import service as accountability
from ritorno.consents import queries as consents
from ritorno.consents import service as consent_changes
from ritorno.consents.rules import Purpose
from ritorno.consents.service import NoticeText
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
)


async def seed(session: AsyncSession, settings: Settings, *, notices_since: datetime | None = None) -> None:
    """Give what is missing; what is there stays as it is. `notices_since` dates the texts back for old papers."""
    await accountability.seed_register(session, actor=ACTOR)
    known = {each.notice.code for each in await consents.list_notices(session)}
    for code, name, purpose, offers_opt_out, italian, english in NOTICES:
        if code in known:
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
    await messaging.seed_senders(session, domain=urlsplit(settings.public_url).hostname or "localhost")
    await messaging.refresh_readiness(session, settings)
    await messaging.seed_templates(session, settings=settings)
    await recalls.seed_defaults(session)
