"""Keepsakes as a value and as text: to the bit, nothing twice, and each damage in one sentence."""

import json

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.keepsakes import Favourite, Keepsakes, NamedDirection


def direction(name="smile", seed=0, **more) -> NamedDirection:
    vector = np.random.default_rng(seed).normal(size=6)
    return NamedDirection(name, vector / np.linalg.norm(vector), **more)


def favourite(seed=0, **more) -> Favourite:
    return Favourite(np.random.default_rng(seed).normal(size=6).astype(np.float32), **more)


def test_they_come_back_to_the_bit():
    odd = np.array([-0.0, 1e-45, np.float32(0.1), 3.4028235e38, -1 / 3], np.float32)
    kept = Keepsakes(
        (Favourite(odd, 0.7, "Größe “1”", b"\x89PNG\x00"), favourite()),
        (direction(source="A − B", accuracy=0.93, strength=0.1 + 0.2),),
    )
    back = Keepsakes.loads(kept.dumps())
    for one, other in zip(back.favourites, kept.favourites, strict=True):
        assert one.z.dtype == np.float32
        assert one.z.tobytes() == other.z.tobytes()
        assert (one.truncation, one.title, one.picture) == (other.truncation, other.title, other.picture)
    one, other = back.directions[0], kept.directions[0]
    assert one.vector.tobytes() == other.vector.tobytes()
    assert (one.name, one.source, one.accuracy, one.strength) == ("smile", "A − B", 0.93, 0.1 + 0.2)


def test_what_is_kept_cannot_be_written_to():
    z = np.ones(3, np.float32)
    kept = Favourite(z)
    z[0] = 5
    assert kept.z[0] == 1
    with pytest.raises(ValueError, match="read-only"):
        kept.z[0] = 5


def test_a_step_gives_its_direction_and_its_length():
    found = NamedDirection.along("glasses", np.array([3.0, 0.0, 4.0]))
    np.testing.assert_allclose(found.vector, [0.6, 0.0, 0.8])
    assert found.strength == 5
    with pytest.raises(StudioError, match="the same"):
        NamedDirection.along("glasses", np.zeros(3))


def test_merging_keeps_both_sides_and_nothing_twice():
    mine = Keepsakes((favourite(1),), (direction("smile", 1),))
    theirs = Keepsakes((favourite(1), favourite(2)), (direction("smile", 1), direction("smile", 2)))
    both = mine.merged(theirs)
    assert [one.name for one in both.directions] == ["smile", "smile 2"]
    assert len(both.favourites) == 2
    assert len(both.merged(theirs)) == len(both)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda found: found.update(version=99), "newer version"),
        (lambda found: found.update(version="one"), "version"),
        (lambda found: found["favourites"][0].update(z=[]), "z: is no row"),
        (lambda found: found["favourites"][0].update(z=["0.5"]), "favourites.0.z.0"),
        (lambda found: found["favourites"][0].update(z=[1e300]), "z: is no row"),
        (lambda found: found["favourites"][0].update(picture="%"), "picture"),
        (lambda found: found["favourites"][0].update(truncation=2.0), "truncation"),
        (lambda found: found["directions"][0].update(vector=[3.0, 4.0]), "length 1"),
        (lambda found: found["directions"][0].update(name=" "), "name"),
        (lambda found: found["directions"][0].update(accuracy=7.0), "accuracy"),
        (lambda found: found["directions"][0].pop("vector"), "directions.0.vector"),
    ],
)
def test_damage_is_told_with_the_file_and_the_field(change, words):
    found = json.loads(Keepsakes((favourite(),), (direction(),)).dumps())
    change(found)
    with pytest.raises(StudioError, match=words) as error:
        Keepsakes.loads(json.dumps(found), "kept.json")
    assert error.value.field == "kept.json"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 1, "favourites": 3}', "[" * 100_000])
def test_what_is_no_file_of_keepsakes_is_refused(text):
    with pytest.raises(StudioError, match="damaged"):
        Keepsakes.loads(text, "kept.json")


def test_a_name_is_wanted():
    with pytest.raises(StudioError, match="name"):
        direction("  ")
