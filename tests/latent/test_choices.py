"""What sliders can move: sets of directions, and which of them are chosen."""

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent import choices
from ganstudio.latent.choices import chosen
from ganstudio.latent.keepsakes import NamedDirection
from ganstudio.latent.principal import Principal


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


@pytest.mark.parametrize(
    "text",
    ["", "a", "1,", "0-3", "3-1", "21", "1–99999999999", "1-2-3", "-4", "²", "1-20", "9" * 5000, "1-" + "9" * 5000],
)
def test_other_choices_are_refused_in_a_sentence(text):
    with pytest.raises(StudioError) as error:
        chosen(text, 20, 12)
    assert str(error.value)


def test_random_directions_are_orthonormal_seeded_and_point_anywhere():
    first = choices.random(5, 12, 40)
    vectors = np.array([one.vector for one in first])
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(12), atol=1e-12)
    np.testing.assert_array_equal(vectors, [one.vector for one in choices.random(5, 12, 40)])
    other = choices.random(6, 12, 40)
    assert np.abs(vectors - [one.vector for one in other]).min(1).max() > 0
    assert not {one.key for one in first} & {one.key for one in other}, "a lock does not pass to another direction"
    assert len(choices.random(5, 12, 3)) == 3
    mean = np.mean([choices.random(seed, 1, 4)[0].vector for seed in range(400)], axis=0)
    assert np.abs(mean).max() < 0.1


def test_every_direction_of_a_set_has_a_key_of_its_own_and_length_1():
    found = Principal(np.eye(6)[:4], np.full(4, 0.2))
    sets = [choices.principal(found), choices.dimensions(6), choices.random(1, 4, 6)]
    everything = [one for each in sets for one in each]
    assert len({one.key for one in everything}) == len(everything) == 14
    assert all(np.linalg.norm(one.vector) == pytest.approx(1) for one in everything)


def test_named_directions_that_do_not_fit_are_left_out():
    kept = [NamedDirection("glasses", np.eye(6)[2], "3 − 3 samples", 0.93), NamedDirection("hair", np.eye(4)[0])]
    (only,) = choices.named(kept, 6)
    assert (only.label, only.details) == ("glasses", "3 − 3 samples\nIt tells samples apart with an accuracy of 93%.")
    np.testing.assert_array_equal(only.vector, np.eye(6)[2])
