"""The studio's keepsakes: written at once, taken back, and always those of the open weights."""

from pathlib import Path

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.keepsakes import MOST, Favourite, Keepsakes, NamedDirection
from ganstudio.runs.shelf import read_keepsakes
from ganstudio.training.events import Event


def favourite(number: float) -> Favourite:
    return Favourite(np.array([number, 0.0]))


def smile() -> NamedDirection:
    return NamedDirection.along("smile", np.array([0.0, 2.0]))


@pytest.fixture
def box(studio, tmp_path):
    studio.runs.place = tmp_path
    studio.told = []
    studio.trouble.connect(studio.told.append)
    studio.message.connect(studio.told.append)
    return studio.keepsakes


def opened(studio, run: Path | None) -> None:
    studio.run = run
    studio.take_event(Event("opened", 0, "", data={"experiment": studio.experiment}))


def saved(studio, folder: Path) -> None:
    studio.take_event(Event("saved", 0, "", data={"path": folder}))


def numbers(box) -> list[float]:
    return [float(one.z[0]) for one in box.favourites]


def test_of_a_run_they_are_there_again_when_it_is_opened_again(box, studio, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    opened(studio, one)
    box.add_favourite(favourite(1))
    box.add_direction(smile())
    opened(studio, other)
    assert not box.favourites
    assert not box.directions
    opened(studio, one)
    assert numbers(box) == [1]
    assert [found.name for found in box.directions] == ["smile"]


def test_fresh_weights_take_them_along_into_their_run(box, studio, tmp_path):
    opened(studio, None)
    box.add_favourite(favourite(1))
    assert "no run yet" in studio.told[-1]
    (tmp_path / "new").mkdir()
    saved(studio, tmp_path / "new")
    assert numbers(box) == [1]
    assert len(read_keepsakes(tmp_path / "new" / "keepsakes.json")) == 1
    studio.undo_stack.undo()
    assert not len(read_keepsakes(tmp_path / "new" / "keepsakes.json"))


def test_removing_and_renaming_are_taken_back(box, studio):
    changes = []
    box.changed.connect(lambda: changes.append(True))
    box.add_favourite(favourite(1))
    box.add_favourite(favourite(2))
    box.remove_favourite(box.favourites[0])
    assert numbers(box) == [2]
    studio.undo_stack.undo()
    assert numbers(box) == [1, 2]
    box.rename_favourite(box.favourites[1], "  the   best ")
    assert box.favourites[1].title == "the best"
    assert box.add_direction(smile()).name == "smile"
    assert box.add_direction(smile()).name == "smile 2"
    box.rename_direction("smile 2", "grin")
    with pytest.raises(StudioError, match="already"):
        box.rename_direction("grin", "smile")
    box.remove_direction("smile")
    assert [one.name for one in box.directions] == ["grin"]
    studio.undo_stack.undo()
    studio.undo_stack.undo()
    assert [one.name for one in box.directions] == ["smile", "smile 2"]
    assert len(changes) == 11


def test_a_strength_that_is_dragged_is_one_step_back(box, studio):
    box.add_direction(smile())
    for strength in (1.0, 1.5, 3.0):
        box.set_strength("smile", strength)
    assert box.directions[0].strength == 3
    studio.undo_stack.undo()
    assert box.directions[0].strength == 2


def test_what_another_generator_was_given_is_not_taken_back_here(box, studio, tmp_path):
    opened(studio, tmp_path)
    box.add_favourite(favourite(1))
    opened(studio, None)
    studio.undo_stack.undo()
    assert not box.favourites
    opened(studio, tmp_path)
    assert numbers(box) == [1]


def test_they_travel_in_files(box, tmp_path):
    box.add_favourite(favourite(1))
    box.add_direction(smile())
    box.save_to(tmp_path / "kept.json")
    box.remove_favourite(box.favourites[0])
    assert box.load_from(tmp_path / "kept.json") == 1
    assert box.load_from(tmp_path / "kept.json") == 0
    assert numbers(box) == [1]
    with pytest.raises(StudioError, match="cannot be written"):
        box.save_to(tmp_path / "nowhere" / "kept.json")
    with pytest.raises(StudioError, match="cannot be read"):
        box.load_from(tmp_path / "gone.json")


def test_a_damaged_file_is_one_sentence(box, studio, tmp_path):
    (tmp_path / "keepsakes.json").write_text("{")
    opened(studio, tmp_path)
    assert "keepsakes.json: this is not a file of favourites and directions" in studio.told[-1]
    assert not box.favourites
    assert (tmp_path / "keepsakes.json").read_text() == "{"


def test_one_sample_too_many_is_said_and_not_kept(box, studio, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "more.json").write_text(Keepsakes(tuple(favourite(number) for number in range(MOST))).dumps())
    opened(studio, tmp_path / "one")
    box.load_from(tmp_path / "more.json")
    box.add_favourite(favourite(-1))
    assert "at most" in studio.told[-1]
    assert len(box.favourites) == MOST
