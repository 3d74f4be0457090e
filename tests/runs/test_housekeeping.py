"""Runs copied, thrown away and brought back: nothing of them is lost, and nothing else is touched."""

import os
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.catalogue import catalogue, read
from ganstudio.runs.folder import CHECKPOINTS, EXPERIMENT, STORE
from ganstudio.runs.housekeeping import TRASH, duplicate, empty_trash, restore, to_trash
from ganstudio.runs.store import About, Store


@pytest.fixture
def run(tmp_path) -> Path:
    """A run that is open to be written: some of its metrics are in the log beside the store."""
    folder = tmp_path / "runs" / "ring"
    (folder / CHECKPOINTS).mkdir(parents=True)
    (folder / EXPERIMENT).write_text("title = 'Ring'")
    (folder / CHECKPOINTS / "0-000000010.safetensors").write_bytes(b"weights")
    about = About(2, str(uuid4()), "Ring", "1", "2", 0, "cpu", 1, ("value",), 0.0, 1.0, steps=10)
    store = Store.create(folder, about)
    store.append_rows(0, 0, np.arange(10, dtype=np.float32)[:, None])
    yield folder
    store.close()


def test_a_copy_has_all_that_the_run_has(run):
    copy = duplicate(run)
    assert copy == run.parent / "ring-copy"
    assert duplicate(run) == run.parent / "ring-copy-2"
    assert sorted(os.listdir(copy)) == [CHECKPOINTS, EXPERIMENT, STORE]
    assert (copy / CHECKPOINTS / "0-000000010.safetensors").read_bytes() == b"weights"
    first, second = Store.open(run), Store.open(copy)
    np.testing.assert_array_equal(second.rows(0), first.rows(0))
    assert len(second.rows(0)) == 10
    # The same steps, from now on another run.
    assert second.about().run_id != first.about().run_id
    assert second.about().origin == first.about().run_id
    assert second.about().title == f"{first.about().title} (copy)"
    first.close()
    second.close()


def test_links_are_not_followed(run, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (run / "samples.png").symlink_to(tmp_path / "secret")
    assert not (duplicate(run) / "samples.png").exists()


def test_a_damaged_run_is_copied_as_it_is(run):
    (run / STORE).write_bytes(b"nothing of a store")
    assert (duplicate(run) / STORE).read_bytes() == b"nothing of a store"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read and write everything")
def test_a_place_that_cannot_be_written_is_said(run):
    run.parent.chmod(0o500)
    try:
        for act in (duplicate, to_trash):
            with pytest.raises(StudioError, match="ring"):
                act(run)
    finally:
        run.parent.chmod(0o700)
    assert read(run).steps == 10


def test_a_copy_that_fails_leaves_nothing(run, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ganstudio.runs.housekeeping.shutil.copy2", full)
    with pytest.raises(StudioError, match="No space left"):
        duplicate(run)
    assert os.listdir(run.parent) == ["ring"]


def test_what_is_thrown_away_can_be_brought_back(run):
    place = run.parent
    trashed = to_trash(run)
    assert trashed == place / TRASH / "ring"
    assert catalogue(place) == []
    assert [entry.folder for entry in catalogue(place / TRASH)] == [trashed]
    assert restore(trashed) == run
    assert read(run).steps == 10
    assert catalogue(place / TRASH) == []


def test_names_that_are_taken_are_not_overwritten(run):
    place = run.parent
    twin = duplicate(run)
    first = to_trash(run)
    twin.rename(run)
    second = to_trash(run)
    assert {first.name, second.name} == {"ring", "ring-2"}
    run.mkdir()
    (run / "mine.txt").write_text("mine")
    assert restore(first) == place / "ring-2"
    assert (run / "mine.txt").read_text() == "mine"


def test_the_trash_is_emptied_for_good(run):
    place = run.parent
    to_trash(run)
    empty_trash(place)
    assert os.listdir(place) == []
    empty_trash(place)  # nothing there: nothing happens


def test_a_run_that_is_gone_is_said(tmp_path):
    with pytest.raises(StudioError, match="gone"):
        to_trash(tmp_path / "gone")
    assert not (tmp_path / TRASH / "gone").exists()
