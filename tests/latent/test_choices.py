"""What sliders can move: sets of directions, and which of them are chosen."""

import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.choices import chosen


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("1–3", [0, 1, 2]),
        ("1-3, 12", [0, 1, 2, 11]),
        (" 7 ", [6]),
        ("2,2,1-2", [1, 0]),
        ("5;6", [4, 5]),
    ],
)
def test_choices_are_numbers_and_ranges(text, indices):
    assert chosen(text, 20, 12) == indices


@pytest.mark.parametrize("text", ["", "a", "1,", "0-3", "3-1", "21", "1–99999999999", "1-2-3", "-4", "²", "1-20"])
def test_other_choices_are_refused_in_a_sentence(text):
    with pytest.raises(StudioError) as error:
        chosen(text, 20, 12)
    assert str(error.value)
