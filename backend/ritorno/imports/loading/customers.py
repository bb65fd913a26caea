"""Files of people: cards with their contact points, and what they agreed to.

A yes without its date, text or proof is recorded as unproven and opens nothing (B-06, B-09); addresses that said no
stay suppressed whatever a file says, and are counted (B-07).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.queries import Versions, load_versions, states_of
from ritorno.consents.rules import Action, Channel, Method, Purpose, Standing, is_bad_time
from ritorno.customers import service as customers
from ritorno.customers.normalising import normalise_card
from ritorno.customers.preparing import Contact, email_contact, phone_contact, postal_contact
from ritorno.customers.rules import (
    AcquisitionSource,
    ContactKind,
    SpendingCapacity,
    SubjectType,
    birth_problem,
)
from ritorno.customers.rules import LoadPolicy as Policy
from ritorno.customers.schemas import Address
from ritorno.customers.service import StatedCard
from ritorno.imports.loading.people import undo_people
from ritorno.imports.loading.rows import MAX_NOTE, Cells, Done, Found, Loader, Numbered, Past, Plan, Undone, settle
from ritorno.imports.loading.shadows import pull, pull_people
from ritorno.imports.reading.values import check_card, check_fiscal_code, mend_postal_code, parse_gender
from ritorno.imports.rules import ImportOutcome, NameOrder
from ritorno.kit import outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver

_CONSENTS = {
    "consent_email": (Purpose.MKT_OWN, Channel.EMAIL),
    "consent_sms": (Purpose.MKT_OWN, Channel.SMS),
    "consent_phone": (Purpose.MKT_OWN, Channel.PHONE_OPERATOR),
    "consent_post": (Purpose.MKT_OWN, Channel.POST),
    "consent_profiling": (Purpose.PROFILING, None),
}
_CHANNELS = {
    ContactKind.EMAIL: (Channel.EMAIL,),
    ContactKind.PHONE: (Channel.SMS, Channel.PHONE_OPERATOR),
    ContactKind.POSTAL: (Channel.POST,),
}


@dataclass(slots=True)
class Answer:
    """A yes or a no as a file tells it."""

    purpose: Purpose
    channel: Channel | None
    is_yes: bool
    at: datetime | None
    text: str | None
    evidence: str | None


@dataclass(slots=True)
class PersonRow:
    card: StatedCard
    answers: list[Answer] = field(default_factory=list)


class CustomerLoader(Loader):
    shadows: Sequence[str] = (
        "customers", "contact_points", "identifiers", "customer_tags", "customer_interests", "customer_notes", "stores",
        "consent_events", "consent_states", "notice_deliveries", "outbox_events", "audit_entries",
    )  # fmt: skip

    def __init__(self, plan: Plan, actor: Actor) -> None:
        super().__init__(plan, actor)
        self._country = plan.options.country or plan.country
        self._load = customers.LoadPlan(plan.source, policies_of(plan), plan.options.match, plan.author)
        self._versions = Versions([])

    async def prepare(self, session: AsyncSession) -> None:
        self._versions = await load_versions(session)

    def read(self, group: Sequence[Cells]) -> PersonRow:
        [cells] = group
        card = StatedCard()
        self._read_keys(cells, card)
        self._read_person(cells, card)
        card.name_it()
        self._read_contacts(cells, card)
        card.tags, card.interests = cells.labels("tags"), cells.labels("interests")
        card.note = cells.text("note", MAX_NOTE)
        card.home_store = cells.text("home_store")
        card.changed_at = cells.noon("changed_on")
        answers = self._read_answers(cells, card)
        if not (card.identifiers or card.contacts or (card.search_name and card.columns.get("birth_on"))):
            cells.refuse(
                "external_id", "nobody-named", "a name alone recognises nobody: add a key, an address or a birth date"
            )
        settle(group)
        return PersonRow(card, answers)

    def _read_keys(self, cells: Cells, card: StatedCard) -> None:
        external_id = cells.text("external_id", 200)
        if external_id:
            card.identifiers.append(customers.external_key(self.plan.source, external_id))
        number = cells.text("card", 200)
        if number:
            bare = cells.attempt("card", lambda: normalise_card(number))
            checked = (
                cells.attempt("card", lambda: check_card(bare)) if bare and self.plan.options.checks_cards else None
            )
            if checked is not None and checked.code:
                cells.remark("card", checked.code, "the zero at the beginning was lost and was put back")
            if bare:
                card.identifiers.append(customers.card_key(checked.value if checked else bare))
        code = cells.read("fiscal_code", lambda cell: check_fiscal_code(cell, today=self.plan.now.date()))
        if code:
            card.identifiers.append(customers.fiscal_key(code.code))
            card.columns["gender"] = code.gender
            card.columns["birth_on"] = code.birth_on

    def _read_person(self, cells: Cells, card: StatedCard) -> None:
        columns = card.columns
        given, family = cells.text("given_name", 200), cells.text("family_name", 200)
        full = cells.text("full_name", 200)
        if full and not (given or family):
            given, family = split_name(full, self.plan.options.name_order)
        company = cells.text("company_name", 200)
        if company and not (given or family):
            family = company
            columns["subject_type"] = SubjectType.COMPANY.value
        if given:
            columns["given_name"] = given
        if family:
            columns["family_name"] = family
        self._read_birth(cells, columns)
        gender = cells.read("gender", parse_gender)
        if gender:
            columns["gender"] = gender
        language = cells.text("language", 20)
        if language:
            code = _LANGUAGES.get(language.casefold(), language[:2].lower())
            if len(code) == 2 and code.isalpha() and code.isascii():
                columns["language"] = code
            else:
                cells.refuse("language", "bad-language", "is not a language such as it or en")
        country = cells.text("country", 60)
        if country:
            code = _COUNTRIES.get(country.casefold(), country.upper())
            if len(code) == 2 and code.isalpha() and code.isascii():
                columns["country"] = code
            else:
                cells.refuse("country", "bad-country", "is not a country code such as IT")
        for name, values in (("acquisition_source", AcquisitionSource), ("spending_capacity", SpendingCapacity)):
            stated = cells.text(name)
            if stated and stated.upper() in {each.value for each in values}:
                columns[name] = stated.upper()
            elif stated:
                cells.refuse(name, "unknown-value", f"is none of {', '.join(each.value for each in values)}")
        first_contact = cells.day("first_contact_on")
        if first_contact and first_contact > self.plan.now.date():
            cells.refuse("first_contact_on", "bad-date", "is in the future")
        elif first_contact:
            columns["first_contact_on"] = first_contact

    def _read_birth(self, cells: Cells, columns: dict[str, Any]) -> None:
        born = cells.day("birth_on")
        if born is None:
            return
        problem = birth_problem(born, self.plan.now.date())
        coded = columns.get("birth_on")
        if problem:
            cells.refuse("birth_on", "bad-birth", problem)
        elif coded and coded != born:
            cells.remark("birth_on", "birth-differs", "is not the birth date of the fiscal code, which was kept")
        else:
            columns["birth_on"] = born

    def _read_contacts(self, cells: Cells, card: StatedCard) -> None:
        policies = self._load.policies
        country = card.columns.get("country") or self._country
        email = cells.read("email", email_contact)
        if email:
            card.contacts.append((email, policies.get("email", Policy.FILL)))
        for name, default in (("phone", Policy.FILL), ("phone_2", Policy.APPEND)):
            phone = cells.read(name, lambda cell: phone_contact(cell, country))
            if phone and phone.match_key not in {contact.match_key for contact, _ in card.contacts}:
                card.contacts.append((phone, policies.get(name, default)))
        address = self._read_address(cells, country)
        if address:
            card.contacts.append((address, policies.get("street", Policy.FILL)))

    def _read_address(self, cells: Cells, country: str) -> Contact | None:
        street, city = cells.text("street", 200), cells.text("city", 100)
        postal_code, province = cells.text("postal_code", 12), cells.text("province", 50)
        if postal_code:
            mended = mend_postal_code(postal_code, country)
            if mended.code:
                cells.remark("postal_code", mended.code, "the zero at the beginning was lost and was put back")
            postal_code = mended.value
        if not (street and city):
            if street or postal_code:
                cells.remark(
                    "street", "address-incomplete", "a street and a town make an address; the rest was left out"
                )
            return None
        parts = Address.model_construct(
            street=street, postal_code=postal_code, city=city, province=province, country=country
        )
        return cells.attempt("street", lambda: postal_contact(parts))

    def _read_answers(self, cells: Cells, card: StatedCard) -> list[Answer]:
        options = self.plan.options
        answers = []
        said = {name: cells.yes_no(name) for name in _CONSENTS}
        if all(answer is None for answer in said.values()):
            return []
        at = cells.noon("consent_on")
        if at is None and options.consent_on:
            at = datetime.combine(options.consent_on, time(12), self.plan.zone).astimezone(UTC)
        text = cells.text("consent_text") or options.consent_text
        evidence = cells.text("consent_evidence") or options.consent_evidence
        version = self._versions.find(version_id=None, name=text, language=card.columns.get("language", "it"))
        born = card.columns.get("birth_on")
        starts = version.effective_from if version else None
        if at and is_bad_time(at, now=self.plan.now, born_on=born, notice_from=starts):
            cells.refuse("consent_on", "BAD_TIME", "is in the future, before birth, or before the text existed")
        for name, is_yes in said.items():
            if is_yes is not None:
                purpose, channel = _CONSENTS[name]
                answers.append(Answer(purpose, channel, is_yes, at, text, evidence))
                if is_yes and not (at and version and evidence):
                    missing = [
                        part for part, there in (("date", at), ("text", version), ("evidence", evidence)) if not there
                    ]
                    cells.remark(name, "UNPROVEN", f"a yes without {', '.join(missing)} opens nothing")
        return answers

    async def pull_once(self, session: AsyncSession) -> None:
        await pull(await driver(session), "stores")

    async def pull(self, session: AsyncSession, rows: Sequence[Numbered]) -> None:
        connection = await driver(session)
        cards = [each.said.card for each in rows]
        await pull_people(connection, lambda: customers.find_candidates(connection, cards, self._load))

    async def load(self, session: AsyncSession, rows: Sequence[Numbered]) -> list[Done]:
        loaded = await customers.load_cards(session, [each.said.card for each in rows], self._load)
        done = []
        for each, result in zip(rows, loaded, strict=True):
            outcome = Done(
                each.number, ImportOutcome(result.outcome), result.customer_id, result.version, result.changes
            )
            outcome.findings = each.findings
            if result.problem:
                outcome.findings = [_finding(result.problem, _PROBLEMS[result.problem])]
            if result.matched_by:
                outcome.changes = (result.changes or {}) | {"matched_by": result.matched_by}
            done.append(outcome)
        await record_answers(session, [(out, each.said.answers) for out, each in zip(done, rows, strict=True)],
                             plan=self.plan, actor=self.actor)  # fmt: skip
        await _remark_suppressed(session, rows, done)
        return done

    async def tell(self, session: AsyncSession, done: Sequence[Done]) -> None:
        """Wake what keeps cards in step. `origin` says that nobody is to be greeted for it."""
        ids: dict[str, list[str]] = {"customer.created": [], "customer.changed": []}
        for each in done:
            if each.outcome is ImportOutcome.CREATED:
                ids["customer.created"].append(str(each.subject_id))
            elif each.outcome in (ImportOutcome.UPDATED, ImportOutcome.MERGED):
                ids["customer.changed"].append(str(each.subject_id))
        if await (await driver(session)).fetchval("select exists (select from unclaimed_transactions)"):
            ids["customer.identified"] = [*ids["customer.created"], *ids["customer.changed"]]
        for event, customers_told in ids.items():
            if customers_told:
                await outbox.publish(session, event, {"customer_ids": customers_told, "origin": "import"})

    async def undo(self, session: AsyncSession, rows: Sequence[Past]) -> list[Undone]:
        undone = await undo_people(session, self.plan.import_id, rows, actor=self.actor)
        touched = [str(row.subject_id) for row in rows if row.subject_id and row.outcome is not ImportOutcome.CREATED]
        if touched:
            await outbox.publish(session, "customer.changed", {"customer_ids": touched, "origin": "import"})
        return undone


_PROBLEMS = {
    "several-cards": "its keys belong to different cards: they may be one person, see the duplicates",
    "customer-erased": "this person asked to be erased",
    "fiscal-code-differs": "the card already has another fiscal code",
}

_COUNTRIES = {"italia": "IT", "italy": "IT", "francia": "FR", "germania": "DE", "svizzera": "CH", "austria": "AT",
              "spagna": "ES", "san marino": "SM", "slovenia": "SI"}  # fmt: skip

_LANGUAGES = {"italiano": "it", "inglese": "en", "english": "en", "francese": "fr", "tedesco": "de", "german": "de",
              "spagnolo": "es", "spanish": "es"}  # fmt: skip

_COLUMNS_OF = {"full_name": ("given_name", "family_name"), "company_name": ("family_name", "subject_type"),
               "home_store": ("home_store_id",)}  # fmt: skip
"""What a field writes, where that has another name: its policy holds for all of it."""


def policies_of(plan: Plan) -> dict[str, Policy]:
    """Return the policy of each column of a card."""
    return {column: policy for name, policy in plan.policies.items() for column in (name, *_COLUMNS_OF.get(name, ()))}


_PARTICLES = {"de", "di", "da", "del", "della", "dello", "dei", "degli", "delle", "dal", "dalla", "la", "lo", "li",
              "le", "d", "van", "von"}  # fmt: skip


def split_name(full: str, order: NameOrder) -> tuple[str | None, str | None]:
    """Return given and family name of a cell that holds both, in the declared order; a particle belongs to what follows
    it (De Luca Maria). A single word is a family name.
    """
    if "," in full:
        family, _, given = (part.strip() for part in full.partition(","))
        return given or None, family or None
    words = full.split()
    if len(words) == 1:
        return None, words[0]
    if order is NameOrder.GIVEN_FIRST:
        place = next((at for at, word in enumerate(words[1:-1], 1) if _is_particle(word)), len(words) - 1)
        return " ".join(words[:place]), " ".join(words[place:])
    length = 1
    while length < len(words) - 1 and _is_particle(words[length - 1]):
        length += 1
    return " ".join(words[length:]), " ".join(words[:length])


def _is_particle(word: str) -> bool:
    return word.casefold().rstrip("'’") in _PARTICLES


def _finding(code: str, message: str, name: str | None = None) -> Found:
    return {"code": code, "field": name, "column": None, "message": message}


async def record_answers(
    session: AsyncSession, rows: Sequence[tuple[Done, list[Answer]]], *, plan: Plan, actor: Actor
) -> None:
    """Write what people said into the ledger; a repeat adds nothing, an older yes never undoes a later no (C-10)."""
    people = {done.subject_id for done, answers in rows if answers and done.subject_id}
    if not people:
        return
    states = await states_of(session, people)
    asked: list[tuple[Done, consents.Incoming, Standing | None]] = []
    for done, answers in rows:
        for answer in answers if done.subject_id else ():
            assert done.subject_id is not None
            state = states.get((done.subject_id, answer.purpose, answer.channel))
            if answer.at is None and _adds_nothing(answer, state):
                continue
            asked.append((done, _incoming(done.subject_id, answer, plan), state))
    outcomes = await consents.record_many(session, [incoming for _, incoming, _ in asked], actor=actor)
    for (done, incoming, state), outcome in zip(asked, outcomes, strict=True):
        if outcome.problem is not None:
            done.findings = [*done.findings, _finding(outcome.problem.code, outcome.problem.title)]
        elif outcome.is_new:
            changes = done.changes or {}
            said = [str(outcome.event_id), incoming.action, incoming.purpose, incoming.channel, state]
            done.changes = changes | {"consents": [*changes.get("consents", []), said]}
            if done.outcome is ImportOutcome.UNCHANGED:
                done.outcome = ImportOutcome.UPDATED
        elif incoming.action is Action.GRANT and outcome.is_proven and state is not Standing.GRANTED:
            remark = "this very yes was taken back with an earlier import, and counts no more"
            done.findings = [*done.findings, _finding("taken-back-before", remark)]


def _adds_nothing(answer: Answer, state: Standing | None) -> bool:
    """Tell whether an answer without a date says nothing new: an unproven yes never moves a state that is there."""
    if answer.is_yes:
        return state is not None
    return state in {Standing.REFUSED, Standing.WITHDRAWN, Standing.OBJECTED}


def _incoming(customer_id: UUID, answer: Answer, plan: Plan) -> consents.Incoming:
    return consents.Incoming(
        customer_id=customer_id,
        purpose=answer.purpose,
        channel=answer.channel,
        action=Action.GRANT if answer.is_yes else Action.DENY,
        occurred_at=answer.at or plan.now,
        method=Method.IMPORT,
        # Without a date nothing proves a yes, whatever else the file holds (B-06).
        notice_version=answer.text if answer.at else None,
        evidence=[{"type": "file", "uri": answer.evidence}] if answer.evidence and answer.at else [],
        source=plan.source,
    )


async def _remark_suppressed(session: AsyncSession, rows: Sequence[Numbered], done: Sequence[Done]) -> None:
    addresses = [
        (place, channel, contact.match_key)
        for place, each in enumerate(rows)
        for contact, _ in each.said.card.contacts
        for channel in _CHANNELS[contact.kind]
    ]
    suppressed = await consents.suppressed_among(session, [(channel, key) for _, channel, key in addresses])
    if not suppressed:
        return
    for place, channel, key in addresses:
        reason = suppressed.get((channel, key))
        if reason is not None:
            code = "SUPPRESSED_ERASED" if reason == "ERASED" else "SUPPRESSED"
            remark = _finding(code, f"this address is on the do-not-contact list for {channel}, and stays there")
            done[place].findings = [*done[place].findings, remark]
