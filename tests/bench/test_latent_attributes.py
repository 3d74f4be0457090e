"""The shipped directions of the faces are as the script makes them, and do what the benchmark says."""

import runpy

import numpy as np
import pytest

from ganstudio.bench.latent_attributes import PRESET, Faces, figures
from ganstudio.resources import resource
from ganstudio.runs.shelf import read_keepsakes


@pytest.fixture(scope="module")
def faces() -> Faces:
    return Faces()


def shipped():
    return {one.name: one for one in read_keepsakes(resource("latent", f"{PRESET}.json")).directions}


def test_directions_of_glasses_and_hair_ship_with_their_accuracy(faces):
    found = shipped()
    assert list(found) == ["glasses", "long hair", "dark hair"]
    for one in found.values():
        assert one.name in faces.attributes
        assert len(one.vector) == faces.draw(1, 0).shape[1]
        assert 0.65 < one.accuracy < 1
        assert one.source.endswith("classifier of faces where it was sure; it judges the effect too")
    assert found["glasses"].accuracy > 0.85


def test_the_script_finds_the_direction_that_ships():
    script = runpy.run_path(str(resource("latent", "make_directions.py")))
    (found,) = script["directions"](("glasses",), 400).directions
    ships = shipped()["glasses"]
    assert found.vector @ ships.vector > 0.9
    assert found.source.split("without", 1)[1] == ships.source.split("without", 1)[1]


@pytest.mark.parametrize(("name", "most", "fewest"), [("glasses", 0.75, 0.1), ("long hair", 0.85, 0.15)])
def test_two_sigmas_along_them_bring_the_attribute_about_in_fresh_samples(faces, name, most, fewest):
    effect = faces.effect(faces.draw(120, seed=31), shipped()[name].vector, name)
    assert effect.after >= most > effect.before > fewest >= effect.back
    assert effect.others < 0.25


def test_no_step_changes_nothing(faces):
    z = faces.draw(20, seed=31)
    effect = faces.effect(z, shipped()["glasses"].vector, "glasses", step=0.0)
    assert effect.before == effect.after == effect.back
    assert effect.others == 0
    np.testing.assert_array_equal(z, faces.draw(20, seed=31))


def test_figures_say_whose_opinion_they_are():
    found = figures(40)
    assert all("as the classifier that labelled judges" in one.name for one in found)
    assert len(found) == 4 * len(shipped()) + 1
