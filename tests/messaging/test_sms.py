"""How many parts a text is, and what makes it dear (M-02, M-03)."""

import pytest
import smsutil
from hypothesis import given
from hypothesis import strategies as st

from ritorno.messaging.sms import ESCAPED, GSM7, Parts, count_parts, count_units, odd_characters


@pytest.mark.parametrize(
    ("text", "count", "alphabet"),
    [
        ("a" * 160, 1, "GSM-7"),
        ("a" * 161, 2, "GSM-7"),
        ("a" * 306, 2, "GSM-7"),
        ("a" * 307, 3, "GSM-7"),
        ("€" * 80, 1, "GSM-7"),
        ("€" * 81, 2, "GSM-7"),
        ("a" * 152 + "€" + "a" * 152, 3, "GSM-7"),
        ("È" + "a" * 69, 1, "UCS-2"),
        ("È" + "a" * 70, 2, "UCS-2"),
        ("😀" * 36, 2, "UCS-2"),
        ("a" * 66 + "😀" + "a" * 66, 3, "UCS-2"),
        ("", 1, "GSM-7"),
    ],
)
def test_m_02_a_text_is_cut_where_the_network_cuts_it(text: str, count: int, alphabet: str) -> None:
    assert count_parts(text) == Parts(count, alphabet)


@pytest.mark.parametrize("mark", sorted(ESCAPED))
def test_m_02_what_is_escaped_costs_two(mark: str) -> None:
    assert count_units(mark * 80) == 160
    assert (count_parts(mark * 80).number, count_parts(mark * 80 + "a").number) == (1, 2)


_MARKS = st.one_of(
    st.sampled_from(sorted(GSM7 | ESCAPED)), st.sampled_from("ÈçÀ’…€😀𝒞é"), st.characters(exclude_categories=("Cs",))
)


@given(st.lists(st.tuples(_MARKS, st.integers(1, 90)), min_size=1, max_size=12))
def test_m_02_another_library_cuts_texts_into_as_many_parts(runs: list[tuple[str, int]]) -> None:
    # Two differences, neither of which a text can show: smsutil takes the escape mark itself for a letter, which is no
    # character anybody can type, and calls an empty text UTF-16.
    text = "".join(mark * times for mark, times in runs).replace("\x1b", "")
    if not text:
        return
    split = smsutil.split(text)

    told = {"gsm0338": "GSM-7", "utf_16_be": "UCS-2"}[split.encoding]
    assert count_parts(text) == Parts(len(split.parts), told)


@pytest.mark.parametrize("mark", ["à", "è", "é", "ì", "ò", "ù", "Ç", "É"])
def test_m_03_small_italian_vowels_are_cheap(mark: str) -> None:
    assert count_parts(mark * 160) == Parts(1, "GSM-7")
    assert odd_characters(mark) == []


@pytest.mark.parametrize(
    ("mark", "replacement"),
    [
        ("È", "E'"), ("À", "A'"), ("Ì", "I'"), ("Ò", "O'"), ("Ù", "U'"), ("ç", "c"), ("’", "'"), ("“", '"'),
        ("”", '"'), ("–", "-"), ("…", "..."), ("\u00a0", " "), ("ő", "o"), ("😀", None),
    ],
)  # fmt: skip
def test_m_03_b_38_one_dear_character_is_named_with_what_could_stand_in_its_place(
    mark: str, replacement: str | None
) -> None:
    text = f"{mark}a{mark}"

    [odd] = odd_characters(text)

    assert (odd.mark, odd.times, odd.replacement) == (mark, 2, replacement)
    assert count_parts(text).alphabet == "UCS-2"
    if replacement is not None:
        assert count_parts(text.replace(mark, replacement)).alphabet == "GSM-7"


def test_b_38_a_curly_quote_halves_the_room_of_a_text() -> None:
    assert count_parts("L'aspettiamo " + "a" * 100) == Parts(1, "GSM-7")
    assert count_parts("L’aspettiamo " + "a" * 100) == Parts(2, "UCS-2")
