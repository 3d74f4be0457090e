"""The table of runs: complete, quick, and indifferent to whatever else lies in the folder."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

import ganstudio
from ganstudio.experiment.errors import StudioError
from ganstudio.runs import catalogue
from ganstudio.runs.catalogue import find, search
from ganstudio.runs.folder import CHECKPOINTS, RECORD, SAMPLES, STORE
from ganstudio.runs.store import About, Checkpoint, Store, checkpoint_path
from ganstudio.training.events import Event

OLD = Path(__file__).parent / "fixtures" / "schema-1"
METRICS = ("loss.discriminator", "loss.generator", "penalty", "score.real", "score.fake")


def make(folder: Path, ended: float = 1000.0, **about: object) -> Path:
    """A run of 150 steps without checkpoints: the table needs none."""
    folder.mkdir(parents=True)
    values = {"title": "Ring of 8", "preset": "ring-8", "seed": 3, "device": "cpu", "steps": 150, **about}
    head = About(
        2, str(uuid4()), program="1", torch="2", threads=1, metrics=METRICS, started=0.0, ended=ended, **values
    )
    rows = np.full((150, 5), np.nan, np.float32)
    rows[:, 0], rows[:, 1], rows[:, 4] = 1.25, np.arange(150), 0.5
    store = Store.create(folder, head)
    store.append_rows(0, 0, rows)
    moments = (("started", 0, 100.0), ("paused", 50, 160.0), ("started", 50, 500.0), ("edited", 60, 510.0))
    store.add_events(0, [Event(kind, step, time=at) for kind, step, at in moments])
    store.add_branch(0, 20)
    store.close()
    (folder / SAMPLES).write_bytes(b"\x89PNG")
    return folder


def test_an_entry_tells_of_its_run(tmp_path):
    folder = make(tmp_path / "one", tags=("talk",), note="the good one")
    (entry,) = catalogue.catalogue(tmp_path)
    assert (entry.folder, entry.name, entry.title, entry.preset) == (folder, "one", "Ring of 8", "ring-8")
    assert (entry.steps, entry.seed, entry.device, entry.branches) == (150, 3, "cpu", 2)
    assert (entry.tags, entry.note, entry.damaged) == (("talk",), "the good one", "")
    assert entry.thumbnail == folder / SAMPLES
    assert entry.size == sum(file.stat().st_size for file in folder.iterdir())
    # What a step did not have is no number; of the rest the last hundred steps count.
    assert entry.numbers == {"loss.discriminator": 1.25, "loss.generator": 99.5, "score.fake": 0.5}
    assert entry.seconds == 60 + 500  # the last stretch has no end: the process was killed
    assert entry.ended.timestamp() == 1000


def test_what_a_killed_run_had_trained_counts_after_it_has_gone_on(tmp_path):
    with closing(Store.open(make(tmp_path / "one"), write=True)) as store:
        (tmp_path / "one" / CHECKPOINTS).mkdir()
        (saved := checkpoint_path(tmp_path / "one", 0, 100)).touch()
        store.add_checkpoint(Checkpoint(0, 100, saved, 0, 700.0, "time"))
        moments = (("opened", 100, 5000.0), ("started", 100, 5100.0), ("paused", 150, 5130.0))
        store.add_events(0, [Event(kind, step, time=at) for kind, step, at in moments])
        store.update_about(ended=5130.0)
    assert catalogue.read(tmp_path / "one").seconds == 60 + 200 + 30


def test_the_run_saved_last_comes_first(tmp_path):
    for name, ended in (("b", 2.0), ("c", 3.0), ("a", 1.0)):
        make(tmp_path / name, ended=ended)
    assert [entry.name for entry in catalogue.catalogue(tmp_path)] == ["c", "b", "a"]


def test_a_run_of_the_first_layout_is_listed(tmp_path):
    shutil.copytree(OLD, tmp_path / "old")
    (entry,) = catalogue.catalogue(tmp_path)
    assert entry.steps > 0
    assert set(entry.numbers) == set(catalogue.KEY_NUMBERS)
    assert not entry.damaged
    (tmp_path / "old" / "metrics.npy").write_bytes(b"\x93NUMPY broken")
    (entry,) = catalogue.catalogue(tmp_path)
    assert entry.steps > 0  # the record is whole
    assert "metrics.npy" in entry.damaged


def test_what_is_no_run_is_passed_over(tmp_path):
    make(tmp_path / "run")
    make(tmp_path / ".trash" / "gone")
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "beach.jpg").write_bytes(b"")
    (tmp_path / "letter.txt").write_text("Dear …")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    assert [entry.name for entry in catalogue.catalogue(tmp_path)] == ["run"]
    assert catalogue.catalogue(tmp_path / "nowhere") == []
    assert catalogue.catalogue(tmp_path / "letter.txt") == []


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\x00 or not", b"\x00" * 5000], ids=["empty", "text", "zeros"]
)
@pytest.mark.parametrize("name", [STORE, RECORD])
def test_a_damaged_run_says_so_and_the_others_are_listed(tmp_path, name, content):
    make(tmp_path / "whole")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / name).write_bytes(content)
    found = {entry.name: entry for entry in catalogue.catalogue(tmp_path)}
    assert str(tmp_path / "broken" / name) in found["broken"].damaged
    assert found["broken"].size == len(content)
    assert found["whole"].damaged == ""


def test_damaged_metrics_leave_the_head_readable(tmp_path):
    folder = make(tmp_path / "run")
    with closing(sqlite3.connect(folder / STORE, isolation_level=None)) as store:
        store.execute("DELETE FROM branches WHERE id = 0")
    (entry,) = catalogue.catalogue(tmp_path)
    assert entry.title == "Ring of 8"
    assert "branch 0" in entry.damaged


def test_two_hundred_runs_are_read_at_once(tmp_path):
    first = make(tmp_path / "run-0")
    for number in range(1, 200):
        shutil.copytree(first, tmp_path / f"run-{number}")
    code = f"""
import sys, time
from pathlib import Path
from ganstudio.runs.catalogue import catalogue
start = time.process_time()
found = catalogue(Path({str(tmp_path)!r}))
assert len(found) == 200 and 'torch' not in sys.modules and 'PySide6' not in sys.modules
print(time.process_time() - start)
"""
    root = Path(ganstudio.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    assert float(done.stdout) < 1.5  # seconds of the processor; about 0.3 on an idle one


def test_reading_changes_nothing(tmp_path):
    folder = make(tmp_path / "run")
    before = {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.iterdir()}
    catalogue.catalogue(tmp_path)
    assert {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.iterdir()} == before


def test_a_run_is_found_by_name_and_by_path(tmp_path, monkeypatch):
    folder = make(tmp_path / "runs" / "2026-01-01-ring")
    assert find("2026-01-01-ring", tmp_path / "runs") == folder
    assert find(folder, tmp_path) == folder
    monkeypatch.chdir(tmp_path / "runs")
    assert find("2026-01-01-ring") == Path("2026-01-01-ring")


@pytest.mark.parametrize(
    ("name", "said"),
    [("2026-01-01-rign", "did you mean 2026-01-01-ring?"), (".", "holds no run"), ("~/x/y/z", "no such folder")],
)
def test_a_run_that_is_not_there_is_said(tmp_path, monkeypatch, name, said):
    make(tmp_path / "2026-01-01-ring")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(StudioError, match=said.replace("?", r"\?")):
        find(name, tmp_path)


def test_an_empty_place_says_so(tmp_path):
    with pytest.raises(StudioError, match="holds none yet"):
        find("mine", tmp_path)


def test_every_word_must_occur(tmp_path):
    make(tmp_path / "a", tags=("Talk", "berlin"))
    make(tmp_path / "b", note="for the talk")
    make(tmp_path / "c", title="Moons", preset="moons")
    entries = catalogue.catalogue(tmp_path)

    def names(text: str) -> set[str]:
        return {entry.name for entry in search(entries, text)}

    assert names("TALK") == {"a", "b"}
    assert names("talk berlin") == {"a"}
    assert names("moons") == {"c"}
    assert names("  ") == {"a", "b", "c"}
    assert names("talk moons") == set()
