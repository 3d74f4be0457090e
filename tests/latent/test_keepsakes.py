"""Keepsakes as a value and as text: to the bit, nothing twice, and each damage in one sentence."""

import json

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.keepsakes import MOST, Favourite, Keepsakes, NamedDirection, free_name


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
        (lambda found: found["favourites"][0].update(title="\ud800"), "title: is no text"),
        (lambda found: found["favourites"][0].update(title=61 * "a"), r"at most 60 letters \(this one has 61\)"),
        (lambda found: found["directions"][0].update(name="a\udc00"), "name: is no text"),
        (lambda found: found["directions"][0].update(source="\udfff"), "source: is no text"),
        (lambda found: found["favourites"][0].update({"class": 3}), r"no file of this version has \(fav"),
        (lambda found: found["directions"][0].update(kind="x"), r"no file of this version has \(directions.0.kind"),
        (lambda found: found.update(notes=[]), r"no file of this version has \(notes"),
        (lambda found: found.update(version=2, notes=[]), "newer version"),
        (lambda found: found.update(favourites=1001 * found["favourites"]), "favourites: .* at most 1000"),
        (lambda found: found.update(directions=1001 * found["directions"]), "directions: .* at most 1000"),
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
    with pytest.raises(StudioError, match=r"^kept\.json: this is not a file of favourites and directions"):
        Keepsakes.loads(text, "kept.json")


def test_a_name_is_wanted():
    with pytest.raises(StudioError, match="name"):
        direction("  ")


def test_what_can_be_kept_can_be_written_and_read_again():
    for title in ("é", "\U0001f600", "a" * 60, "\x00\n"):
        assert Keepsakes.loads(Keepsakes((favourite(title=title),)).dumps()).favourites[0].title == title
    assert free_name(" smile\ud800  2", ()) == "smile 2"
    for half in (lambda: favourite(title="\ud800"), lambda: direction("\ud800"), lambda: direction(source="\ud800")):
        with pytest.raises(StudioError, match="half of a letter"):
            half()


def test_there_is_an_end_to_what_can_be_kept():
    full = Keepsakes(MOST * (favourite(),), MOST * (direction(),))
    for more in (Keepsakes((favourite(1),)), Keepsakes((), (direction(seed=1),))):
        with pytest.raises(StudioError, match="at most 1,000 of one generator; remove some"):
            full.merged(more)


def test_each_name_is_looked_for_once_however_many_are_called_the_same():
    class Asked(set):
        times = 0

        def __contains__(self, name):
            Asked.times += 1
            return super().__contains__(name)

    taken, tried = Asked(), {}
    for _ in range(MOST):
        taken.add(free_name("a", taken, tried))
    assert len(taken) == MOST
    assert Asked.times < 3 * MOST
    kept = Keepsakes().with_directions(direction("a", seed) for seed in range(5))
    assert [one.name for one in kept.directions] == ["a", "a 2", "a 3", "a 4", "a 5"]
    assert [one.name for one in kept.with_direction(direction("a", 9)).directions][-1] == "a 6"
