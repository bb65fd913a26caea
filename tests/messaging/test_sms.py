"""How many parts a text is (M-02, M-03)."""

import pytest

from ritorno.messaging.sms import Parts, count_parts


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
