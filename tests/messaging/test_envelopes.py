"""Addresses that name one message (E-01, E-10)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ritorno.kit.config import Settings
from ritorno.messaging.envelopes import (
    LONGEST_MAILBOX,
    envelope_sender,
    mailto_unsubscribe,
    read_envelope,
    read_mailto_unsubscribe,
)

MESSAGE = UUID("01920000-0000-7000-8000-00000000abcd")
OWN = "ciao@bottega.example"


def settings(**values: str) -> Settings:
    return Settings(**({"secret_key": "k" * 20, "bounce_address": "rimbalzi@bottega.example"} | values))  # type: ignore[arg-type]


def test_e_10_a_bounce_names_its_message_whatever_case_a_server_made_of_it() -> None:
    address = envelope_sender(settings(), MESSAGE, OWN)

    assert address.startswith("rimbalzi+")
    assert address.endswith("@bottega.example")
    assert read_envelope(settings(), address) == MESSAGE
    assert read_envelope(settings(), f"<{address.upper()}>") == MESSAGE


def test_without_a_mailbox_the_envelope_keeps_the_sender_and_nobody_is_told_to_write() -> None:
    silent = settings(bounce_address="")

    assert envelope_sender(silent, MESSAGE, OWN) == OWN
    assert mailto_unsubscribe(silent, MESSAGE) is None


def test_e_01_the_unsubscribe_address_does_that_and_no_more() -> None:
    address = mailto_unsubscribe(settings(), MESSAGE)

    assert address is not None
    assert read_mailto_unsubscribe(settings(), address) == MESSAGE
    assert read_mailto_unsubscribe(settings(), address.upper()) == MESSAGE
    assert read_envelope(settings(), address.replace("+u-", "+")) is None
    returned = envelope_sender(settings(), MESSAGE, OWN)
    assert read_mailto_unsubscribe(settings(), returned.replace("+", "+u-")) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda address: "",
        lambda address: OWN,
        lambda address: address.replace("+", "-"),
        lambda address: address.replace("@", "") + "@",
        lambda address: address[: address.index("@") - 1] + "@bottega.example",
        lambda address: address.replace("+", "+a"),
        lambda address: "rimbalzi+" + "é" * 42 + "@bottega.example",
        lambda address: "rimbalzi+" + "ı" * 42 + "@bottega.example",
        lambda address: "rimbalzi+" + "1" * 42 + "@bottega.example",
    ],
    ids=["empty", "plain", "no plus", "no at", "cut", "longer", "not ascii", "ascii in capitals", "not base32"],
)
def test_b_32_an_address_we_did_not_write_is_nobodys(spoil) -> None:  # type: ignore[no-untyped-def]
    assert read_envelope(settings(), spoil(envelope_sender(settings(), MESSAGE, OWN))) is None


@given(position=st.integers(0, 41), mark=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_changed_character_is_a_forgery(position: int, mark: str) -> None:
    address = envelope_sender(settings(), MESSAGE, OWN)
    at = len("rimbalzi+") + position
    forged = address[:at] + mark + address[at + 1 :]

    assert (read_envelope(settings(), forged) == MESSAGE) is (forged == address)


def test_an_old_key_still_reads_and_a_foreign_one_never() -> None:
    address = envelope_sender(settings(), MESSAGE, OWN)

    assert read_envelope(settings(secret_key="n" * 20, old_secret_keys="k" * 20), address) == MESSAGE
    assert read_envelope(settings(secret_key="n" * 20), address) is None


def test_the_longest_mailbox_still_makes_an_address() -> None:
    long = settings(bounce_address="b" * LONGEST_MAILBOX + "@bottega.example")

    assert len((mailto_unsubscribe(long, MESSAGE) or "").rpartition("@")[0]) == 64
    with pytest.raises(ValidationError):
        settings(bounce_address="b" * (LONGEST_MAILBOX + 1) + "@bottega.example")
