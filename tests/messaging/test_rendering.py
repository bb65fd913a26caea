"""Templates are a sandbox, values are only data, and a mail survives being read by somebody else's parser."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.kit import clock
from ritorno.kit.ids import uuid7
from ritorno.messaging import defaults
from ritorno.messaging.checks import Draft, Reading, read
from ritorno.messaging.mime import Letter, Origin, UnfitAddress, mail
from ritorno.messaging.rendering import MergeMissing, Rendered, Source, TemplateBroken, compile_mjml, fill, variables_of
from ritorno.messaging.variables import examples, nested
from tests.factories.messaging import MJML

ORIGIN = Origin(TemplateClass.MARKETING, "Bottega Caffè", "ciao@bottega.example", "negozio@bottega.example")


def _plain(text: str) -> Source:
    return Source("", None, text)


def _mjml(inside: str) -> str:
    return (
        f"<mjml><mj-body><mj-section><mj-column><mj-text>{inside}</mj-text></mj-column></mj-section></mj-body></mjml>"
    )


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "{{ 7 | times: 7 }}", "{% assign x = 1 %}", '"><b>'])
def test_a_merge_value_is_escaped_and_never_parsed_again(value: str) -> None:
    """B-21."""
    html = compile_mjml(_mjml("Ciao {{ customer.given_name }}"))

    rendered = fill(Source("", html, "{{ customer.given_name }}"), nested({"customer.given_name": value}))

    assert rendered.html is not None
    assert "<script>alert" not in rendered.html
    assert "49" not in rendered.text
    assert value in rendered.text


@pytest.mark.parametrize(
    "text",
    [
        "{% include 'secrets' %}",
        "{% render 'secrets' %}",
        "{% for i in (1..100000000) %}x{% endfor %}",
        "{{ customer.given_name | safe }}",
        "{{ 'x' | base64_decode }}",
        "{{ customer.given_name | nothing }}",
        "{% if customer.given_name %}",
        "{{ unclosed",
    ],
)
def test_only_the_allowed_part_of_liquid_is_a_template(text: str) -> None:
    with pytest.raises(TemplateBroken):
        variables_of(text)


def test_a_broken_template_says_on_which_line() -> None:
    with pytest.raises(TemplateBroken) as broken:
        variables_of("uno\ndue\n{{ tre | nothing }}")

    assert (broken.value.code, broken.value.line) == ("FILTER_UNKNOWN", 3)


@pytest.mark.parametrize(
    "body",
    [
        '<mjml><mj-body><mj-include path="/etc/hostname" /></mj-body></mjml>',
        _mjml("<script>x()</script>"),
        _mjml('<a onclick="x()" href="https://a.example/">x</a>'),
        _mjml('<a href="javascript:x()">x</a>'),
        _mjml("<iframe></iframe>"),
        "<mjml><mj-body>",
        "Ciao",
    ],
)
def test_a_mail_reads_no_file_and_carries_nothing_active(body: str) -> None:
    with pytest.raises(TemplateBroken):
        compile_mjml(body)


def test_a_mail_fetches_no_font_from_elsewhere() -> None:
    assert "googleapis" not in compile_mjml(_mjml("Ciao"))


def test_a_missing_value_is_named_and_a_default_stands_in_for_it() -> None:
    """B-24."""
    empty = nested({"customer.given_name": "  "})

    with pytest.raises(MergeMissing) as missing:
        fill(_plain("Ciao {{ customer.given_name }},"), empty)

    assert missing.value.field == "customer.given_name"
    assert fill(_plain("{{ customer.given_name | default: 'Buongiorno' }},"), empty).text == "Buongiorno,\n"
    assert fill(_plain("{% if customer.given_name %}x{% else %}Buongiorno{% endif %}"), empty).text == "Buongiorno\n"


def test_the_text_part_spells_out_links_and_forgets_what_is_hidden() -> None:
    reading = _read(_mjml('<h1>Titolo</h1><p>Venga <a href="https://shop.example/">qui</a></p><ul><li>uno</li></ul>'))

    assert reading.source is not None
    assert reading.source.plain == "Titolo\n\nVenga qui: https://shop.example/\n\n- uno\n"


# ── findings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _read(body: str, template_class: TemplateClass = TemplateClass.MARKETING, subject: str = "Oggetto") -> Reading:
    return read(
        Draft("it", subject, body), channel=Channel.EMAIL, template_class=template_class, service_hosts=frozenset()
    )


def _codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.findings}


@pytest.mark.parametrize(
    ("gone", "code"),
    [
        ('<a href="{{ unsubscribe_url }}">Non desidero più riceverli</a>', "OPT_OUT_MISSING"),
        ("{{ business.address }}", "IDENTITY_MISSING"),
        ("{{ why }}", "WHY_MISSING"),
        ("{{ business.email | default: business.phone }}", "RIGHTS_CONTACT_MISSING"),
    ],
)
def test_b_25_a_marketing_template_without_its_duties_stays_a_draft(gone: str, code: str) -> None:
    assert _read(MJML).is_sendable
    reading = _read(MJML.replace(gone, ""))

    assert not reading.is_sendable
    assert code in _codes(reading)


def test_b_25_e_04_a_way_out_behind_a_condition_is_no_way_out() -> None:
    link = '<a href="{{ unsubscribe_url }}">Non desidero più riceverli</a>'

    reading = _read(MJML.replace(link, "{% if customer.city %}" + link + "{% endif %}"))

    assert "OPT_OUT_MISSING" in _codes(reading)


def test_unknown_variables_promotions_and_open_links_are_told() -> None:
    assert "VARIABLE_UNKNOWN" in _codes(_read(MJML.replace("{{ why }}", "{{ why }} {{ customer.salary }}")))
    assert "PROMO_IN_SERVICE" in _codes(_read(_mjml("Ordine pronto, sconto 10%"), TemplateClass.SERVICE))
    assert "LINK_VARIABLE" in _codes(_read(_mjml('<a href="https://x.example/{{ customer.city }}">x</a>')))
    assert "MERGE_MISSING" in _codes(_read(MJML.replace(" | default: 'cliente'", "")))


def test_what_was_bought_makes_a_text_need_profiling() -> None:
    assert not _read(MJML).uses_purchases
    assert _read(MJML.replace("{{ why }}", "{{ why }} {{ last_purchase.on | default: '' }}")).uses_purchases


@pytest.mark.parametrize("default", defaults.templates(), ids=lambda default: default.code)
def test_every_template_that_comes_with_the_product_is_ready(default: defaults.Default) -> None:
    for text in default.texts:
        reading = read(
            text.as_draft(),
            channel=default.channel,
            template_class=default.template_class,
            service_hosts=frozenset(),
        )

        assert reading.findings == []
        assert reading.source is not None
        assert "{{" not in fill(reading.source, examples(text.language)).text


# ── the mail ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _mail(rendered: Rendered, *, message_id: UUID | None = None, to: str = "anna@shop.example") -> Letter:
    return mail(
        ORIGIN,
        message_id=message_id or uuid7(),
        to=to,
        rendered=rendered,
        envelope=f"bounces+{'a' * 42}@shop.example",
        unsubscribe=["https://shop.example/u/v1.k.abc.def", f"mailto:bounces+u-{'a' * 42}@shop.example"],
        at=clock.now(),
    )


def _opened(letter: Letter) -> EmailMessage:
    opened = message_from_bytes(letter.raw, policy=policy.default)
    assert isinstance(opened, EmailMessage)
    assert [defect for part in opened.walk() for defect in part.defects] == []
    return opened


def test_e_01_e_15_a_marketing_mail_carries_one_click_and_a_fixed_message_id() -> None:
    message_id = uuid7()

    letter = _mail(Rendered("Perché", "<p>è</p>", "è\n"), message_id=message_id)

    opened = _opened(letter)
    assert (
        opened["List-Unsubscribe"]
        == f"<https://shop.example/u/v1.k.abc.def>, <mailto:bounces+u-{'a' * 42}@shop.example>"
    )
    assert letter.sender == f"bounces+{'a' * 42}@shop.example"
    assert opened["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert opened["Message-ID"] == f"<{message_id}@bottega.example>"
    assert "marketing.bottega.example" in opened["List-Id"]
    assert opened["From"] == "Bottega Caffè <ciao@bottega.example>"
    assert opened["Reply-To"] == "negozio@bottega.example"
    assert [part.get_content_type() for part in opened.iter_parts()] == ["text/plain", "text/html"]


MARKS = some.characters(exclude_categories=["Cs"])
# A parser of mail may take any of these for the end of a line, and the comparison below would not be about us.
LINES = some.characters(exclude_categories=["Cs"], exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


@given(subject=some.text(MARKS, max_size=200), text=some.text(LINES, max_size=3000))
def test_e_19_any_words_arrive_as_they_were_written(subject: str, text: str) -> None:
    letter = _mail(Rendered(subject, f"<p>{text}</p>", text + "\n"))

    opened = _opened(letter)
    plain = opened.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == text + "\n"
    lines = letter.raw.split(b"\r\n")
    assert max(len(line) for line in lines) <= 998
    assert all(b"\n" not in line and b"\r" not in line for line in lines)


@pytest.mark.parametrize("subject", ["Ciao\r\nBcc: tutti@shop.example", "Ciao\nX: y", "Ciao\u2028Bcc: z"])
def test_e_19_no_subject_can_add_a_header(subject: str) -> None:
    rendered = fill(Source("{{ customer.given_name }}", "<p></p>", "x"), nested({"customer.given_name": subject}))

    opened = _opened(_mail(rendered))

    assert opened["Bcc"] is None
    assert opened["X"] is None


@pytest.mark.parametrize(
    "address",
    ["a@b.example\r\nBcc: c@d.example", "a b@c.example", "a@b@c.example>", "<a@b.example>", "a", "à@b.example"],
)
def test_e_19_b_12_an_address_that_is_no_address_never_reaches_a_header(address: str) -> None:
    with pytest.raises(UnfitAddress):
        _mail(Rendered("x", None, "x"), to=address)


@pytest.mark.parametrize("subject", ["\r", "\r0", "Ciao\rBcc: tutti@shop.example", "Ciao\nX: y"])
def test_e_19_no_subject_ends_the_line_of_its_header_whoever_calls(subject: str) -> None:
    """S-17: `mail` itself keeps a subject on one line, also where nothing rendered it."""
    letter = _mail(Rendered(subject, "<p>x</p>", "x\n"))

    assert _opened(letter)["Bcc"] is None
    assert all(b"\r" not in line and b"\n" not in line for line in letter.raw.split(b"\r\n"))
