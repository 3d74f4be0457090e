"""A run's store: what is put in comes out along each branch, from any thread; a foreign file is refused."""

import json
import shutil
import sqlite3
import threading
from dataclasses import replace

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.runs import store as stores
from ganstudio.runs.about import About
from ganstudio.runs.folder import CHECKPOINTS, SCHEMA, STORE
from ganstudio.runs.store import Checkpoint, Store, checkpoint_path
from ganstudio.training.events import Event

ABOUT = About(
    SCHEMA, "id", "Ring", "0.1", "2.14", 7, "cpu", 2, ("loss.generator", "loss.discriminator"), started=1.0, ended=2.0
)


@pytest.fixture
def store(tmp_path):
    """An empty store, open to be written."""
    made = Store.create(tmp_path, ABOUT)
    yield made
    made.close()


def numbers(first: int, stop: int, value: float = 0.0) -> np.ndarray:
    """Rows that say which step they belong to."""
    return np.stack([np.arange(first, stop), np.full(stop - first, value)], 1).astype(np.float32)


def test_what_it_says_of_itself_comes_back(store, tmp_path):
    store.update_about(steps=9, tags=("a", "b"), note="näher", branch=0)
    store.close()
    assert Store.open(tmp_path).about() == replace(ABOUT, steps=9, tags=("a", "b"), note="näher")


def test_rows_are_those_of_an_array_that_is_cut_and_continued(store):
    wanted, random = np.empty((0, 2), np.float32), np.random.default_rng(0)
    for _ in range(40):
        first = int(random.integers(max(0, len(wanted) - 700), len(wanted) + 1))
        rows = random.normal(size=(int(random.integers(0, 900)), 2)).astype(np.float32)
        store.append_rows(0, first, rows)
        wanted = np.concatenate([wanted[:first], rows])
    np.testing.assert_array_equal(store.rows(0), wanted)
    for start, stop in ((0, 1), (511, 513), (100, len(wanted) + 5), (len(wanted), len(wanted) + 9)):
        np.testing.assert_array_equal(store.rows(0, start, stop), wanted[start:stop])


def test_a_branch_has_its_ancestors_steps_up_to_its_fork(store):
    store.append_rows(0, 0, numbers(0, 1000))
    one = store.add_branch(0, 600, "again")
    assert (store.end(one), len(store.rows(one))) == (600, 600)
    store.append_rows(one, 600, numbers(600, 700, 1))
    two = store.add_branch(one, 300)
    store.append_rows(two, 300, numbers(300, 310, 2))
    np.testing.assert_array_equal(store.rows(0), numbers(0, 1000))
    np.testing.assert_array_equal(store.rows(one), np.concatenate([numbers(0, 600), numbers(600, 700, 1)]))
    np.testing.assert_array_equal(store.rows(two), np.concatenate([numbers(0, 300), numbers(300, 310, 2)]))
    np.testing.assert_array_equal(store.rows(one, 550, 650), store.rows(one)[550:650])
    assert [(one.id, one.parent, one.step) for one in store.branches()] == [(0, None, 0), (1, 0, 600), (2, 1, 300)]
    with pytest.raises(StudioError, match="no branch 9"):
        store.add_branch(9, 3)
    with pytest.raises(StudioError, match="no branch 9"):
        store.rows(9)


def test_events_belong_to_a_branch_and_those_of_its_future_do_not(store):
    def event(step: int, text: str) -> Event:
        return Event("edited", step, text, {"old": 1, "later": object()}, time=float(step))

    shared = store.add_events(0, [event(5, "a"), Event("saved", 6), Event("loading")])
    store.add_events(0, [event(5, "b"), event(9, "c")])
    one = store.add_branch(0, 5, event=shared)
    store.add_events(one, [event(7, "d")])
    assert [one.sentence for one in store.events(0)] == ["a", "b", "c"]
    assert store.events(one) == [replace(event(5, "a"), data={"old": 1}), replace(event(7, "d"), data={"old": 1})]
    assert [one.sentence for one in store.events(0, last=shared)] == ["a"]


def test_snapshots_thin_out_and_both_ends_stay(store, monkeypatch):
    monkeypatch.setattr(stores, "SNAPSHOT_BUDGET", 15_000)
    for step in range(1, 150):
        store.add_snapshot(0, step, "samples", bytes([step % 256]) * 1000)
    steps = [step for step, _ in store.snapshots(0)]
    assert (steps[0], steps[-1]) == (1, 149)
    assert 8 <= len(steps) <= 15
    gaps = np.diff(steps[1:])
    assert gaps[: len(gaps) // 2].mean() > 3 * gaps[len(gaps) // 2 :].mean()
    step, key = store.snapshots(0)[-1]
    assert store.snapshot(key) == bytes([step % 256]) * 1000
    with pytest.raises(StudioError, match="not kept"):
        store.snapshot(10**6)


def entered(store: Store, branch: int, step: int) -> Checkpoint:
    """A checkpoint whose file is there."""
    path = checkpoint_path(store.folder, branch, step)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"state")
    made = Checkpoint(branch, step, path, 5, 3.0, "asked")
    store.add_checkpoint(made)
    return made


def test_checkpoints_along_a_lineage_and_only_those_that_are_there(store):
    made = [entered(store, 0, step) for step in (0, 10, 20)]
    branch = store.add_branch(0, 10)
    mine = entered(store, branch, 15)
    assert store.checkpoints() == [made[0], made[1], mine, made[2]]
    assert store.checkpoints(branch) == [made[0], made[1], mine]
    made[1].path.unlink()
    assert store.checkpoints(branch) == [made[0], mine]
    assert {path.name for path in (store.folder / CHECKPOINTS).iterdir()} >= {"0-000000000.safetensors"}


def test_a_branch_that_is_cut_goes_on_as_if_for_the_first_time(store):
    store.append_rows(0, 0, numbers(0, 50))
    known = store.add_events(0, [Event("edited", 20, "a")])
    store.add_events(0, [Event("edited", 20, "b"), Event("edited", 40, "c")])
    early, late = entered(store, 0, 20), entered(store, 0, 40)
    store.add_snapshot(0, 40, "samples", b"x")
    assert store.cut(0, 20, known) == [late]
    assert (len(store.rows(0)), store.checkpoints(), store.snapshots(0)) == (20, [early], [])
    assert [one.sentence for one in store.events(0)] == ["a"]


def test_it_is_read_from_any_thread_while_one_writes(store, tmp_path):
    """Readers of the same store, and of the same file opened beside it, always see whole batches."""
    wrong, stop = [], threading.Event()

    def read(reader: Store) -> None:
        while not stop.is_set():
            rows = reader.rows(0)
            if len(rows) % 100 or not np.array_equal(rows[:, 0], np.arange(len(rows))):
                wrong.append(len(rows))

    beside = Store.open(tmp_path)
    threads = [threading.Thread(target=read, args=(one,)) for one in (store, store, beside)]
    for thread in threads:
        thread.start()
    for first in range(0, 2000, 100):
        store.append_rows(0, first, numbers(first, first + 100))
        store.add_events(0, [Event("said", first)])
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(beside.rows(0)) == 2000
    beside.close()


def test_a_reader_of_a_run_at_rest_sees_what_is_written_later(store, tmp_path):
    store.close()
    reader = Store.open(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [STORE]  # looking leaves nothing behind
    writer = Store.open(tmp_path, write=True)
    writer.append_rows(0, 0, numbers(0, 5))
    assert len(reader.rows(0)) == 5
    for one in (reader, writer):
        one.close()
    with pytest.raises(StudioError, match="read only"):
        reader.remove_checkpoints([])


def test_what_a_killed_writer_left_is_read_where_nothing_can_be_written(store, tmp_path, monkeypatch):
    store.append_rows(0, 0, numbers(0, 70))
    away = tmp_path / "away"
    away.mkdir()
    for name in (STORE, f"{STORE}-wal"):
        shutil.copy(tmp_path / name, away / name)
    connect = sqlite3.connect

    def medium(address, *args, **options):
        if "mode=ro" in str(address) and "away" in str(address):  # root may write anywhere
            raise sqlite3.OperationalError("attempt to write a readonly database")
        return connect(address, *args, **options)

    monkeypatch.setattr(sqlite3, "connect", medium)
    reader = Store.open(away)
    assert len(reader.rows(0)) == 70
    reader.close()
    assert len(list(away.iterdir())) == 2


def test_a_copy_stands_on_its_own(store, tmp_path):
    store.append_rows(0, 0, numbers(0, 600))
    (tmp_path / "copy").mkdir()
    store.copy(tmp_path / "copy" / STORE)
    store.append_rows(0, 600, numbers(600, 700))
    copy = Store.open(tmp_path / "copy")
    np.testing.assert_array_equal(copy.rows(0), numbers(0, 600))
    assert len(list((tmp_path / "copy").iterdir())) == 1


def test_columns_that_a_newer_program_adds_are_missing_before(store):
    store.append_rows(0, 0, numbers(0, 600))
    store.update_about(metrics=(*ABOUT.metrics, "penalty"))
    store.append_rows(0, 600, np.ones((10, 3), np.float32))
    rows = store.rows(0)
    assert rows.shape == (610, 3)
    assert np.isnan(rows[:600, 2]).all()
    assert (rows[600:] == 1).all()


# damaged and hostile files


def script(text: str):
    """Damage that SQL can do."""

    def damage(path):
        with sqlite3.connect(path) as connection:
            connection.executescript(text)
        connection.close()

    return damage


DAMAGES = {
    "empty": lambda path: path.write_bytes(b""),
    "noise": lambda path: path.write_bytes(np.random.default_rng(0).bytes(9000)),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "gone": lambda path: path.unlink(),
    "folder": lambda path: (path.unlink(), path.mkdir()),
    "a view": script("DROP TABLE snapshots; CREATE VIEW snapshots AS SELECT 1 AS id"),
    "a trigger": script("CREATE TRIGGER t AFTER INSERT ON events BEGIN DELETE FROM metrics; END"),
    "another column": script("ALTER TABLE events ADD COLUMN more"),
    "another table": script("CREATE TABLE more (a)"),
    "a table gone": script("DROP TABLE metrics"),
    "a newer schema": script("UPDATE about SET value = '99' WHERE key = 'schema'"),
    "a newer layout": script("PRAGMA user_version = 99; CREATE TABLE more (a)"),
    "no head": script("DELETE FROM about"),
    "no JSON": script("UPDATE about SET value = '[' WHERE key = 'steps'"),
    "a deep head": lambda path: script(f"UPDATE about SET value = '{'[' * 100_000}' WHERE key = 'note'")(path),
    "a number for a name": script("UPDATE about SET value = '3' WHERE key = 'title'"),
    "a billion steps": script("INSERT INTO metrics VALUES (0, 1000000000000000, 2, zeroblob(8), NULL)"),
    "a branch in a circle": script("UPDATE branches SET parent = 0 WHERE id = 0"),
    "a branch at no step": script("UPDATE branches SET step = 'x'"),
    "an event without data": script("INSERT INTO events VALUES (1, 0, 0, 'said', '', 0, 'main', '[]')"),
    "an event of a negative step": script("INSERT INTO events VALUES (1, 0, -1, 'said', '', 0, 'main', '{}')"),
    "a checkpoint elsewhere": script("INSERT INTO checkpoints VALUES ('../..', 0, 1, 0, 'asked', 0)"),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_store_is_named(store, tmp_path, damage):
    store.close()
    damage(tmp_path / STORE)
    with pytest.raises(StudioError, match=STORE):
        read_all(Store.open(tmp_path))


def read_all(one: Store) -> None:
    """Everything that a window or a worker asks of a run."""
    one.rows(0)
    one.events(0)
    one.snapshots(0)
    one.checkpoints(0)


def test_an_older_head_is_understood_and_unknown_words_are_left(store, tmp_path):
    script("DELETE FROM about WHERE key IN ('note', 'tags', 'origin'); INSERT INTO about VALUES ('new', '1')")(
        tmp_path / STORE
    )
    assert store.about() == ABOUT


def test_a_disk_without_room_changes_nothing(store):
    store.append_rows(0, 0, numbers(0, 10))
    limit = store._database._writer.execute("PRAGMA max_page_count = 1").fetchone()[0]
    with pytest.raises(StudioError, match="cannot be written"):
        store.append_rows(0, 10, numbers(10, 9000))
    assert len(store.rows(0)) == 10
    store._database._writer.execute(f"PRAGMA max_page_count = {limit + 10_000}")
    store.append_rows(0, 10, numbers(10, 9000))
    assert len(store.rows(0)) == 9000


def test_the_head_is_plain_json(store, tmp_path):
    with sqlite3.connect(tmp_path / STORE) as connection:
        values = dict(connection.execute("SELECT key, value FROM about"))
    connection.close()
    assert json.loads(values["metrics"]) == list(ABOUT.metrics)


def test_a_branch_can_be_titled_and_only_one_that_is_there(store):
    branch = store.add_branch(0, 2)
    store.title_branch(branch, "softer")
    assert [one.title for one in store.branches()] == ["", "softer"]
    with pytest.raises(StudioError, match="no branch 7"):
        store.title_branch(7, "nobody")
