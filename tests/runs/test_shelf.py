"""Where keepsakes lie: beside the run, among the runs for shipped models and runs that cannot be written."""

from pathlib import Path

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.keepsakes import MOST, MOST_BYTES, Favourite, Keepsakes
from ganstudio.resources import resource
from ganstudio.runs import shelf as shelves
from ganstudio.runs.shelf import read_keepsakes, shelf_of


def kept(*numbers: float) -> Keepsakes:
    return Keepsakes(tuple(Favourite(np.array([number])) for number in numbers))


def numbers(found: Keepsakes) -> list[float]:
    return [float(one.z[0]) for one in found.favourites]


@pytest.fixture
def run(tmp_path):
    folder = tmp_path / "runs" / "one"
    folder.mkdir(parents=True)
    return folder


def test_beside_the_run(run):
    shelf = shelf_of(None, run, run.parent)
    assert not len(shelf.read())
    shelf.write(kept(1, 2))
    assert [one.name for one in run.iterdir()] == ["keepsakes.json"]
    assert numbers(shelf_of(None, run, run.parent).read()) == [1, 2]


def test_a_run_that_cannot_be_written_keeps_them_among_the_runs_until_it_can(run, monkeypatch):
    shelf_of(None, run, run.parent).write(kept(1))
    real, closed = shelves.replace, True

    def replace(path, content):
        if closed and path.parent == run:
            raise PermissionError(13, "Permission denied", str(path))
        real(path, content)

    monkeypatch.setattr(shelves, "replace", replace)
    shelf = shelf_of(None, run, run.parent)
    assert numbers(shelf.read()) == [1]
    shelf.write(kept(1, 2))
    assert shelf.file.parent == run.parent / ".keepsakes"
    assert numbers(read_keepsakes(run / "keepsakes.json")) == [1]
    again = shelf_of(None, run, run.parent)
    assert numbers(again.read()) == [1, 2]
    closed = False
    again.write(kept(1, 2, 3))
    assert numbers(read_keepsakes(run / "keepsakes.json")) == [1, 2, 3]
    assert not list((run.parent / ".keepsakes").iterdir())


def test_when_nothing_can_be_written_the_file_is_named(run, monkeypatch):
    def replace(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shelves, "replace", replace)
    with pytest.raises(StudioError, match=r"run-.*cannot be written \(No space left"):
        shelf_of(None, run, run.parent).write(kept(1))


def test_a_shipped_model_starts_with_what_is_shipped_and_keeps_changes_elsewhere(run, tmp_path, monkeypatch):
    monkeypatch.setattr(shelves, "resource", lambda *parts: tmp_path.joinpath("shipped", *parts))
    (tmp_path / "shipped" / "latent").mkdir(parents=True)
    start = tmp_path / "shipped" / "latent" / "dcgan.json"
    start.write_text(kept(7).dumps())
    model = tmp_path / "shipped" / "models" / "dcgan.safetensors"
    shelf = shelf_of(model, None, run.parent)
    assert numbers(shelf.read()) == [7]
    shelf.write(kept(8))
    assert numbers(read_keepsakes(start)) == [7]
    assert numbers(shelf_of(model, None, run.parent).read()) == [8]


def test_models_of_the_same_name_keep_theirs_apart(run, tmp_path):
    one, other = (shelf_of(tmp_path / name / "g.safetensors", None, run.parent) for name in ("a", "b"))
    one.write(kept(1))
    assert not len(other.read())


def test_fresh_weights_have_no_place(run):
    assert shelf_of(None, None, run.parent) is None
    assert shelf_of(resource("models", "dcgan-mnist.safetensors"), None, run.parent) is not None


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00"])
def test_a_damaged_file_is_left_alone_and_set_aside_by_the_next_write(run, content):
    file = run / "keepsakes.json"
    file.write_bytes(content)
    shelf = shelf_of(None, run, run.parent)
    with pytest.raises(StudioError, match="damaged") as error:
        shelf.read()
    assert error.value.field == str(file)
    assert file.read_bytes() == content
    shelf.write(kept(1))
    assert numbers(read_keepsakes(file)) == [1]
    assert (run / "damaged-keepsakes.json").read_bytes() == content


def test_what_another_window_kept_meanwhile_is_not_lost(run):
    one, other = (shelf_of(None, run, run.parent) for _ in range(2))
    one.read()
    other.read()
    other.write(kept(1))
    assert numbers(one.write(kept(2))) == [2, 1]
    assert numbers(read_keepsakes(run / "keepsakes.json")) == [2, 1]


def test_a_file_too_large_is_not_read(run, monkeypatch):
    file = run / "keepsakes.json"
    with open(file, "wb") as large:
        large.truncate(MOST_BYTES + 1)
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: pytest.fail("it was read"))
    monkeypatch.setattr(Path, "read_bytes", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(StudioError, match="larger") as error:
        read_keepsakes(file)
    assert error.value.field == str(file)


def test_what_another_window_kept_is_not_taken_for_damaged_when_both_are_too_many(run):
    one, other = (shelf_of(None, run, run.parent) for _ in range(2))
    one.read()
    other.read()
    other.write(kept(*range(MOST)))
    with pytest.raises(StudioError, match="at most"):
        one.write(kept(-1))
    assert len(read_keepsakes(run / "keepsakes.json")) == MOST
