"""Which of Splink's refusals mean that there was nothing to learn."""

import pytest
from splink.internals.comparison_level import _validate_m_u_probability

from ritorno.duplicates.linking.model import _fell_to_nothing


@pytest.mark.parametrize("parameter", ["m_probability", "u_probability"])
def test_a_probability_too_small_for_a_float_teaches_nothing(parameter: str) -> None:
    with pytest.raises(ValueError, match="below the minimum") as refused:
        _validate_m_u_probability(1e-320, parameter, "level not observed in training dataset")

    assert _fell_to_nothing(refused.value)


def test_any_other_refusal_is_a_mistake_of_ours() -> None:
    assert not _fell_to_nothing(ValueError("Null levels have no m-probability"))
