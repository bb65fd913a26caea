"""Links found in a text, their tokens, and what tells a machine from a person: no database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.kit.config import Settings
from ritorno.messaging.rendering import Source, fill
from ritorno.messaging.tracking.links import urls_of, with_places
from ritorno.messaging.tracking.rules import EventKind, is_machine
from ritorno.messaging.tracking.tokens import Seen, click_token, open_token, read

MESSAGE = UUID("01920000-0000-7000-8000-00000000abcd")
SETTINGS = Settings(secret_key="k" * 20)  # type: ignore[arg-type]
SENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"


def test_e_22_only_addresses_that_are_written_out_and_safe_are_links() -> None:
    source = Source(
        "Ciao",
        '<a class="b" href="https://a.example/?x=1&amp;y=2">uno</a> <A HREF=\'https://b.example/\'>due</A>'
        '<a href="http://c.example/">tre</a><a href="{{ unsubscribe_url }}">basta</a><img src="https://d.example/i.png">'
        '<a href="mailto:a@b.example">posta</a><a href="https://a.example/?x=1&amp;y=2">ancora</a>',
        "uno: https://a.example/?x=1&y=2. Poi (https://e.example/f), {{ unsubscribe_url }} e http://c.example/"
        " {{ nome | default: 'https://g.example/' }} https://h.example/{{ nome }}",
    )

    assert urls_of(source) == ["https://a.example/?x=1&y=2", "https://b.example/", "https://e.example/f"]


ADDRESSES = st.from_regex(r"https://[a-z]{1,8}\.example/[a-z0-9/?=&_.-]{0,12}", fullmatch=True)


@given(urls=st.lists(ADDRESSES, min_size=1, max_size=5))
def test_a_text_with_its_own_addresses_back_in_place_is_the_text(urls: list[str]) -> None:
    html = "".join(f'<p><a href="{url.replace("&", "&amp;")}">qui</a></p>' for url in urls)
    source = Source("x", html, "\n".join(f"qui: {url}" for url in urls))
    found = tuple(urls_of(source))

    back = fill(with_places(source, found), {"measured": list(found)})

    assert (back.html, back.text) == (fill(source, {}).html, fill(source, {}).text)
    assert "https://" not in with_places(source, found).plain


def test_e_21_e_22_a_token_is_short_says_nothing_and_is_good_for_one_thing() -> None:
    click, seen = click_token(SETTINGS, MESSAGE, 7), open_token(SETTINGS, MESSAGE)

    assert read(SETTINGS, EventKind.CLICK, click) == Seen(MESSAGE, 7)
    assert read(SETTINGS, EventKind.OPEN, seen) == Seen(MESSAGE, 255)
    assert read(SETTINGS, EventKind.OPEN, click) is read(SETTINGS, EventKind.CLICK, seen) is None
    assert len(click) == len(seen) == 36


@given(position=st.integers(0, 35), mark=st.sampled_from("ABCDEFabcdef0123456789-_"))
def test_one_changed_character_of_a_token_is_a_forgery(position: int, mark: str) -> None:
    token = click_token(SETTINGS, MESSAGE, 0)
    forged = token[:position] + mark + token[position + 1 :]

    assert (read(SETTINGS, EventKind.CLICK, forged) is not None) is (forged == token)


def test_b_04_an_old_mail_keeps_working_with_the_key_rotated_since() -> None:
    token = click_token(SETTINGS, MESSAGE, 0)
    rotated = Settings(secret_key="n" * 20, old_secret_keys="k" * 20)  # type: ignore[arg-type]

    assert read(rotated, EventKind.CLICK, token) == Seen(MESSAGE, 0)
    assert read(Settings(secret_key="n" * 20), EventKind.CLICK, token) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "agent", "seconds", "expected"),
    [
        ("GET", BROWSER, 60, False),
        ("GET", "Mozilla/5.0 (Windows NT 5.1) Firefox/11.0 (via ggpht.com GoogleImageProxy)", 60, False),
        ("HEAD", BROWSER, 60, True),
        ("GET", BROWSER, 1, True),
        ("GET", "Mozilla/5.0", 60, True),
        ("GET", "", 60, True),
        ("GET", "Barracuda Sentinel (EE)", 60, True),
        ("GET", "Mozilla/5.0 (compatible; bingbot/2.0)", 60, True),
        ("GET", "python-requests/2.32", 60, True),
    ],
)
def test_e_23_machines_give_themselves_away(method: str, agent: str, seconds: int, expected: bool) -> None:
    assert is_machine(method, agent, SENT, SENT + timedelta(seconds=seconds)) is expected


def test_e_23_before_the_mail_server_answered_nobody_can_have_read() -> None:
    assert is_machine("GET", BROWSER, None, SENT) is True
