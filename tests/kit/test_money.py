"""Money stays exact from text to text (S-23)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.kit.money import MAX_MINOR, to_minor, to_text


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_an_amount_survives_the_round_trip(minor: int, currency: str) -> None:
    assert to_minor(to_text(minor, currency), currency) == minor


@pytest.mark.parametrize("text", ["1.234", "NaN", "Infinity", "1,20", "", "1e400", "ten"])
def test_what_is_not_an_amount_in_euros_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        to_minor(text, "EUR")
