"""What has been said of samples: by z to the bit, in order, and by whom."""

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent import labels as module
from ganstudio.latent.labels import Labels

Z = np.random.default_rng(0).normal(size=(6, 5)).astype(np.float32)


def test_labels_stick_to_z_to_the_bit_and_states_stay_as_they_are():
    none = Labels()
    some = none.given(Z[:4], [True, False, True, True])
    assert [some.of(z) for z in Z] == [True, False, True, True, None, None]
    assert some.of(np.nextafter(Z[0], np.float32(9))) is None
    np.testing.assert_array_equal(some.inputs, Z[:4])
    np.testing.assert_array_equal(some.has, [True, False, True, True])
    assert (some.count(True), some.count(False), len(some), len(none)) == (3, 1, 4, 0)


def test_a_later_word_replaces_an_earlier_and_comes_first_on_its_side():
    some = Labels().given(Z[:3], [True] * 3).given(Z[:1], [False]).given(Z[:1], [True])
    np.testing.assert_array_equal(some.side(True), Z[[0, 2, 1]])
    assert some.side(False).shape == (0, 0)
    assert len(some.without(Z[2])) == 2
    assert len(some.without(Z[5])) == 3


def test_it_is_said_who_labelled():
    by_hand = Labels().given(Z[:2], [True, False])
    assert by_hand.who() == "by hand"
    assert by_hand.given(Z[2:4], [True, True], "the classifier").who() == "by the classifier and by hand"
    assert by_hand.given(Z[:2], [True, True], "the classifier").who() == "by the classifier"


def test_more_than_can_be_labelled_are_refused(monkeypatch):
    monkeypatch.setattr(module, "MOST", 5)
    full = Labels().given(Z[:5], [True] * 5)
    with pytest.raises(StudioError, match="at most 5"):
        full.given(Z[5:], [True])
    assert full.given(Z[:1], [False]).count(False) == 1
