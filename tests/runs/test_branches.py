"""Going back and another way; two who open one run; places that cannot be written, or are gone."""

import errno
import os
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.runs import place, scribe
from ganstudio.runs.folder import LOCK, STORE
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.opener import Opener
from ganstudio.runs.read import read_run
from ganstudio.runs.restore import restore
from ganstudio.runs.store import Store
from ganstudio.training.events import Event
from ganstudio.training.trainer import Trainer


class Kept:
    """A trainer with its keeper, as a session has them."""

    def __init__(self, keeper: RunKeeper, trainer: Trainer):
        self.keeper, self.trainer = keeper, trainer
        self.events: list[Event] = []
        self.told: list[Event] = []

    def step(self, count: int = 1, reason: str = "pause") -> None:
        """Steps, and a checkpoint after the last."""
        for _ in range(count):
            self.trainer.step()
            self.trainer.flush()
            self.keeper.record(self.trainer, self.events)
        self.save(reason)

    def save(self, reason: str = "pause") -> None:
        self.keeper.checkpoint(self.trainer, self.events, reason, wait=True)
        self.told += self.keeper.news()

    def edit(self, path: str, value: object) -> None:
        self.keeper.checkpoint(self.trainer, self.events, "edit", field=path, wait=True)
        self.trainer.edit(path, value)
        self.events.append(Event("edited", self.trainer.steps, path, {"path": path, "new": value}))

    def rewind(self, branch: int, step: int):
        opened = self.keeper.rewind(self.trainer, branch, step)
        self.events = list(opened.events)
        return opened

    def sentences(self, kind: str) -> list[str]:
        return [one.sentence for one in self.told if one.kind == kind]


@pytest.fixture
def kept(tmp_path, small):
    """Makes kept trainers, in ``tmp_path/run`` or going on with a run; closes them."""
    made = []

    def make(run: Path | None = None, every: float = 0) -> Kept:
        keeper = RunKeeper(None if run else tmp_path / "run", tmp_path / "runs", every)
        one = Kept(keeper, Trainer(read_run(run).experiment if run else small()))
        if run:
            one.events = list(keeper.open(run, one.trainer).events)
        else:
            keeper.checkpoint(one.trainer, one.events, "start")
        made.append(one)
        return one

    yield make
    for one in made:
        one.keeper.close()


def test_rewound_and_gone_on_is_as_if_it_had_never_gone_further(kept, small, trained, tmp_path):
    one = kept()
    one.step(3)
    one.step(3)
    first = one.trainer.weights_sha256(), one.trainer.history.rows()
    opened = one.rewind(0, 3)
    assert (opened.branch, one.trainer.steps, len(one.trainer.history)) == (0, 3, 3)
    assert not one.keeper.news()
    one.step(3)
    assert one.trainer.weights_sha256() == first[0]
    np.testing.assert_array_equal(one.trainer.history.rows(), first[1])
    assert one.sentences("branched") == ["From step 3 on this is branch 1 of the run."]
    with closing(Store.open(tmp_path / "run")) as store:
        assert [(branch.id, branch.parent, branch.step) for branch in store.branches()] == [(0, None, 0), (1, 0, 3)]
        np.testing.assert_array_equal(store.rows(1), store.rows(0))
        assert (store.about().branch, store.about().steps) == (1, 6)
    again = Trainer(small())
    restore(tmp_path / "run", again)
    assert again.weights_sha256() == trained(small(), 6).weights_sha256()


def test_each_branch_keeps_its_own_edits_and_metrics(kept, tmp_path):
    one = kept()
    one.step(2)
    one.edit("lr", 0.01)
    one.step(2)
    late, rows = one.trainer.weights_sha256(), one.trainer.history.rows()
    one.rewind(0, 2)
    assert one.trainer.experiment.players["generator"].optimiser.params.get("lr") != 0.01
    assert not [event for event in one.events if event.kind == "edited"]
    one.edit("ema", 0.5)
    one.step(5)
    other = one.trainer.weights_sha256()
    assert [event.sentence for event in read_run(tmp_path / "run").events if event.kind == "edited"] == ["ema"]
    one.rewind(0, 4)
    assert one.trainer.weights_sha256() == late
    np.testing.assert_array_equal(one.trainer.history.rows(), rows)
    assert one.trainer.experiment.players["generator"].optimiser.params["lr"] == 0.01
    assert [event.sentence for event in one.events] == ["lr"]
    one.rewind(1, 7)
    assert one.trainer.weights_sha256() == other
    assert one.trainer.experiment.ema == 0.5


def test_going_on_from_a_branchs_end_makes_no_other(kept, tmp_path):
    one = kept()
    one.step(2)
    one.rewind(0, 2)
    one.step(1)
    assert not one.sentences("branched")
    with closing(Store.open(tmp_path / "run")) as store:
        assert len(store.branches()) == 1
        assert len(store.rows(0)) == 3


def test_a_branch_that_is_left_before_its_first_step_is_none(kept, tmp_path):
    one = kept()
    one.step(4)
    one.rewind(0, 0)
    one.save("end")
    one.keeper.close()
    assert read_run(tmp_path / "run").about.steps == 4
    assert len(kept(tmp_path / "run").trainer.history) == 4


def test_there_is_no_way_back_to_where_nothing_was_kept(kept, small):
    one = kept()
    with pytest.raises(StudioError, match="no checkpoint after step 0"):
        one.rewind(0, 0)
    one.step(3)
    before = one.trainer.weights_sha256()
    for branch, step in ((0, 2), (7, 3)):
        with pytest.raises(StudioError, match=r"no checkpoint|no branch"):
            one.rewind(branch, step)
    assert one.trainer.weights_sha256() == before
    with pytest.raises(StudioError, match="keeps no runs"):
        Opener().rewind(one.trainer, 0, 3)


def test_a_damaged_checkpoint_is_no_way_back_and_all_stays_as_it_was(kept, tmp_path):
    one = kept()
    one.edit("lr", 0.01)
    one.step(3)
    before, rows = one.trainer.weights_sha256(), one.trainer.history.rows()
    path = tmp_path / "run" / "checkpoints" / "0-000000000.safetensors"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StudioError, match="0-000000000"):
        one.rewind(0, 0)
    assert one.trainer.weights_sha256() == before
    assert one.trainer.experiment.players["generator"].optimiser.params["lr"] == 0.01
    np.testing.assert_array_equal(one.trainer.history.rows(), rows)


def test_steps_that_a_killed_process_had_not_saved_are_made_again(kept, tmp_path, trained, small):
    one = kept()
    one.step(3)
    for _ in range(3):
        one.trainer.step()
    one.trainer.flush()
    one.keeper.record(one.trainer, [Event("said", 5, "later")])
    one.keeper._writer.wait()
    shutil.copytree(tmp_path / "run", tmp_path / "killed")
    again = kept(tmp_path / "killed")
    assert (again.trainer.steps, again.events) == (3, [])
    again.step(4)
    assert not again.sentences("branched")
    assert again.trainer.weights_sha256() == trained(small(), 7).weights_sha256()
    with closing(Store.open(tmp_path / "killed")) as store:
        np.testing.assert_array_equal(store.rows(0), again.trainer.history.rows())
        assert not store.events(0)


def test_going_back_to_the_last_good_state_is_followed(kept, tmp_path):
    """What a failure took back is replaced on the disk: rows at once, checkpoints with the next one."""
    one = kept()
    one.step(2)
    good = one.trainer.state()
    one.step(3)
    one.trainer.load(good)
    one.keeper.record(one.trainer, one.events)
    one.keeper._writer.wait()
    with closing(Store.open(tmp_path / "run")) as store:
        assert len(store.rows(0)) == 2
        assert [found.step for found in store.checkpoints(0)] == [0, 2, 5]
        one.edit("lr", 0.01)
        one.step(1)
        assert [found.step for found in store.checkpoints(0)] == [0, 2, 3]
        np.testing.assert_array_equal(store.rows(0), one.trainer.history.rows())


# two windows, and places that cannot be written


def test_who_opens_a_run_second_reads_it_and_goes_on_in_a_copy(kept, tmp_path):
    one = kept()
    one.step(2)
    one.edit("lr", 0.01)
    one.step(1)
    other = kept(tmp_path / "run")
    assert "open elsewhere" in other.events[-1].sentence
    files = sorted(tmp_path.rglob("*"))
    other.save("end")
    assert sorted(tmp_path.rglob("*")) == files  # looked at, nothing more
    other.step(2)
    copy = next((tmp_path / "runs").iterdir())
    assert read_run(copy).about.origin == read_run(tmp_path / "run").about.run_id
    assert read_run(tmp_path / "run").about.steps == 3
    with closing(Store.open(copy)) as store:
        np.testing.assert_array_equal(store.rows(0), other.trainer.history.rows())
        assert [found.step for found in store.checkpoints()] == [0, 2, 3, 5]
        assert [event.kind for event in store.events(0)] == ["edited"]
    one.step(1)
    other.rewind(0, 2)
    other.step(1)
    assert other.sentences("branched")
    one.keeper.close()
    assert not kept(tmp_path / "run").told


def test_a_folder_that_is_being_written_is_left_to_who_writes_it(kept, tmp_path):
    one, other = kept(), kept()
    one.step(2)
    other.step(1)
    one.step(1)
    assert "being written" in other.sentences("warned")[0]
    assert (read_run(tmp_path / "run").step, read_run(tmp_path / "run-2").step) == (3, 1)
    assert not one.sentences("warned")


def test_what_a_killed_process_left_is_moved_aside_whole(kept, tmp_path):
    one = kept()
    one.step(2)
    shutil.copytree(tmp_path / "run", tmp_path / "killed", ignore=shutil.ignore_patterns(LOCK))
    one.keeper.close()
    shutil.rmtree(tmp_path / "run")
    (tmp_path / "killed").rename(tmp_path / "run")
    kept().step(1)
    assert len(read_run(tmp_path / "run-2").events) == 0
    with closing(Store.open(tmp_path / "run-2")) as store:
        assert len(store.rows(0)) == 2


def test_a_medium_that_cannot_be_written_is_read(kept, tmp_path, monkeypatch):
    one = kept()
    one.step(2)
    one.keeper.close()
    (tmp_path / "run" / LOCK).unlink()
    opens = os.open

    def medium(path, *rest):
        if str(path) == str(tmp_path / "run" / LOCK):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opens(path, *rest)

    monkeypatch.setattr(place.os, "open", medium)
    other = kept(tmp_path / "run")
    assert "cannot be written" in other.events[-1].sentence
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "checkpoints",
        "experiment.toml",
        "samples.png",
        STORE,
    }
    other.step(1)
    assert read_run(next((tmp_path / "runs").iterdir())).about.steps == 3


def test_a_run_that_was_read_only_in_the_first_layout_goes_on_in_a_copy(kept, tmp_path):
    old = shutil.copytree(Path(__file__).parent / "fixtures" / "schema-1", tmp_path / "old")
    one, other = kept(old), kept(old)
    other.step(1)
    copy = next((tmp_path / "runs").iterdir())
    assert (read_run(copy).about.steps, read_run(old).about.steps) == (13, 12)
    assert (old / "run.json").exists()
    assert one.trainer.steps == 12


def test_a_folder_that_is_deleted_for_good_is_followed_by_another(kept, tmp_path):
    one = kept()
    one.step(3)
    shutil.rmtree(tmp_path / "run")
    one.step(1)
    assert "folder is gone" in one.sentences("warned")[0]
    one.save("stop")
    folder = next((tmp_path / "runs").iterdir())
    assert str(folder) in one.sentences("saved")[-1]
    again = Trainer(read_run(folder).experiment)
    restore(folder, again)
    assert again.weights_sha256() == one.trainer.weights_sha256()
    np.testing.assert_array_equal(again.history.rows(), one.trainer.history.rows())


def test_what_a_full_disk_held_up_follows_when_there_is_room(kept, tmp_path, monkeypatch):
    one = kept()
    one.step(2)
    with monkeypatch.context() as full:
        error = sqlite3.OperationalError("database or disk is full")
        full.setattr(Store, "append_rows", lambda *_: (_ for _ in ()).throw(error))
        one.events.append(Event("said", 2, "still here"))
        one.step(3)
        one.step(3)
        assert len(one.sentences("warned")) == 1
        assert "disk is full" in one.sentences("warned")[0]
        with pytest.raises(StudioError, match="make room"):
            one.rewind(0, 2)
    one.step(1)
    with closing(Store.open(tmp_path / "run")) as store:
        np.testing.assert_array_equal(store.rows(0), one.trainer.history.rows())
        assert [event.sentence for event in store.events(0)] == ["still here"]
        assert store.checkpoints(0)[-1].step == 9


def test_a_place_without_room_is_not_littered(kept, tmp_path, monkeypatch):
    one = kept()
    one.keeper._scribe._out = None
    with monkeypatch.context() as full:
        full.setattr(Store, "create", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space")))
        one.step(1)
        one.step(1)
    assert not list((tmp_path / "runs").iterdir())
    one.step(1)
    assert len(list((tmp_path / "runs").iterdir())) == 1


def test_a_clock_that_is_set_back_changes_no_order(kept, tmp_path, monkeypatch):
    one = kept()
    one.step(2)
    monkeypatch.setattr(scribe, "time", lambda: time.time() - 86400)
    one.step(2)
    (tmp_path / "run" / STORE).unlink()
    assert read_run(tmp_path / "run").step == 4
