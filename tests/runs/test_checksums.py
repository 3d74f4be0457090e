"""Bits that a disk has flipped in metrics and pictures are noticed, said, and left out; all else stays usable."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ganstudio.cli import main
from ganstudio.experiment.errors import StudioError
from ganstudio.runs import blocks, catalogue
from ganstudio.runs.about import About
from ganstudio.runs.folder import SCHEMA, STORE
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.read import read_run
from ganstudio.runs.restore import restore
from ganstudio.runs.store import Store
from ganstudio.training.trainer import Trainer

OLD = Path(__file__).parent / "fixtures" / "schema-2"
"""600 steps of a tiny ring of eight Gaussians, and a branch of 20 from step 300 on, without checksums."""
OLD_SHA256 = "105995f75ea8137e7e8151608eb706a15eb312142593a306c376475b5a1a57b3"
"""Of its players and G's average at the end of the branch, as they were when they were saved."""
ABOUT = About(SCHEMA, "id", "Ring", "0.1", "2.14", 7, "cpu", 2, ("a", "b"), started=1.0, ended=2.0)
ROWS = np.random.default_rng(0).normal(size=(1300, 2)).astype(np.float32)


@pytest.fixture
def store(tmp_path):
    """Three blocks of metrics and a picture, open to be written."""
    made = Store.create(tmp_path, ABOUT)
    made.append_rows(0, 0, ROWS)
    made.add_snapshot(0, 4, "samples", bytes(range(256)))
    yield made
    made.close()


def script(folder: Path, *statements: str) -> None:
    """What SQL can do to a store."""
    with closing(sqlite3.connect(folder / STORE)) as connection, connection:
        for one in statements:
            connection.execute(one)


def flip(folder: Path, table: str, at: int, where: str = "1") -> None:
    """Turn one bit of a content, by the number of the bit."""
    with closing(sqlite3.connect(folder / STORE)) as connection, connection:
        (content,) = connection.execute(f"SELECT content FROM {table} WHERE {where}").fetchone()
        changed = bytearray(content)
        changed[at // 8 % len(content)] ^= 1 << at % 8
        connection.execute(f"UPDATE {table} SET content = ? WHERE {where}", (bytes(changed),))


@pytest.mark.parametrize("bit", np.random.default_rng(1).integers(8 * 2 * 4 * 512, size=4).tolist())
def test_a_flipped_bit_costs_its_block_and_is_said(store, tmp_path, bit):
    flip(tmp_path, "metrics", bit, "first = 512")
    found = store.read(0)
    assert np.isnan(found.rows[512:1024]).all()
    np.testing.assert_array_equal(np.delete(found.rows, slice(512, 1024), 0), np.delete(ROWS, slice(512, 1024), 0))
    assert found.sentence(str(store.path)) == (
        f"{tmp_path / STORE}: the metrics of steps 513 … 1,024 are damaged on the disk and left out."
    )
    assert store.read(0, 0, 512).sentence("x") == ""
    assert store.read(0, 1000, 1100).damaged == ((1001, 1024),)


@pytest.mark.parametrize(
    "change",
    [
        "first = 700",
        "width = 4",
        "width = 0",
        "content = 'text'",
        "content = substr(content, 1, 100)",
        "content = substr(content, 1, 9), checksum = NULL",
    ],
)
def test_a_block_in_another_place_or_form_is_left_out(store, tmp_path, change):
    script(tmp_path, f"UPDATE metrics SET {change} WHERE first = 512")
    found = store.read(0)
    np.testing.assert_array_equal(found.rows[:512], ROWS[:512])
    np.testing.assert_array_equal(found.rows[1024:], ROWS[1024:])
    assert np.isnan(found.rows[512:1024]).all()
    assert found.damaged


def test_a_damaged_end_is_still_the_end_but_a_place_that_cannot_be_is_not(store, tmp_path):
    flip(tmp_path, "metrics", 99, "first = 1024")
    assert (store.end(0), len(store.rows(0))) == (1300, 1300)
    script(tmp_path, "UPDATE metrics SET first = 1000000000000000 WHERE first = 1024")
    assert (store.end(0), len(store.rows(0))) == (1024, 1024)


@pytest.mark.parametrize(("first", "lost"), [(0, (1, 512)), (512, (513, 1024)), (1024, (1025, 1300))])
def test_a_block_that_is_not_found_where_it_was_is_missed(store, tmp_path, first, lost):
    script(tmp_path, f"UPDATE metrics SET branch = 256 WHERE first = {first}")
    assert store.read(0, 0, 1300).reaching(1300).damaged == (lost,)


def test_no_later_save_makes_damage_look_whole(store, tmp_path):
    flip(tmp_path, "metrics", 5, "first = 1024")
    store.append_rows(0, 1300, ROWS[:10])
    assert store.read(0).damaged == ((1025, 1300),)
    np.testing.assert_array_equal(store.rows(0)[1300:], ROWS[:10])
    store.append_rows(0, 1100, ROWS[:10])  # gone back into the damaged block, and on from there
    assert store.read(0).damaged == ((1025, 1100),)
    np.testing.assert_array_equal(store.rows(0)[1100:], ROWS[:10])
    store.append_rows(0, 1024, ROWS[:10])  # all of it is made anew
    assert not store.read(0).damaged


def test_parts_that_touch_are_named_as_one_and_many_are_counted():
    def sentence(*damaged: tuple[int, int]) -> str:
        return blocks.Stored(np.empty((0, 2), np.float32), damaged).sentence("run")

    assert "steps 1 … 1,024 and 2,000 … 2,100 are" in sentence((1, 512), (513, 1024), (2000, 2100))
    assert "steps 1 … 2, 11 … 12, 21 … 22, 31 … 32 and 3 more parts are" in sentence(
        *((10 * i + 1, 10 * i + 2) for i in range(7))
    )


def test_a_damaged_picture_is_named_by_its_step(store, tmp_path):
    ((_, key),) = store.snapshots(0)
    assert store.snapshot(key) == bytes(range(256))
    flip(tmp_path, "snapshots", 77)
    with pytest.raises(StudioError, match=f"{STORE}: the picture of step 4 is damaged"):
        store.snapshot(key)


# a whole run


def test_a_run_with_damaged_metrics_goes_on_and_says_so_everywhere(tmp_path, capsys):
    run = shutil.copytree(OLD, tmp_path / "run")
    with closing(Store.open(run, write=True)) as store:
        store.update_about(note="brought up to date")
        whole = store.rows(1)
    flip(run, "metrics", 12345, "branch = 0 AND first = 0")
    assert not catalogue.read(run).damaged
    keeper, trainer = RunKeeper(runs=tmp_path / "runs"), Trainer(read_run(run).experiment)
    events = keeper.open(run, trainer).events
    said = f"{run / STORE}: the metrics of steps 1 … 300 are damaged"
    assert [one.sentence.startswith(said) for one in events if one.kind == "warned"] == [True]
    assert trainer.weights_sha256() == OLD_SHA256
    assert np.isnan(trainer.history.rows()[:300]).all()
    np.testing.assert_array_equal(trainer.history.rows()[300:], whole[300:])
    back = keeper.rewind(trainer, 0, 300)
    assert back.events[-1].sentence.startswith(said)
    keeper.close()
    assert main(["export", str(run), "--what", "metrics", "--out", str(tmp_path / "m.csv")]) == 0
    assert said in capsys.readouterr().err
    lines = (tmp_path / "m.csv").read_text().splitlines()
    assert lines[300] == "300" + "," * 8
    assert "," * 8 not in lines[301]


# the layout before


def test_a_flipped_bit_in_the_name_of_a_metric_is_said(tmp_path):
    folder = tmp_path / "run"
    trainer, keeper = Trainer(read_run(OLD).experiment), RunKeeper(folder)
    trainer.step()
    trainer.flush()
    keeper.checkpoint(trainer, [], "stop", wait=True)
    keeper.close()
    script(folder, "UPDATE about SET value = replace(value, 'score.fake', 'scobe.fake') WHERE key = 'metrics'")
    (lost,) = restore(folder, Trainer(read_run(folder).experiment))
    assert "score.fake" in lost.sentence


def test_a_run_without_checksums_is_read_as_it_is_and_gets_them_with_the_first_save(tmp_path):
    run = shutil.copytree(OLD, tmp_path / "run")
    before = (run / STORE).read_bytes()
    trainer = Trainer(read_run(run).experiment)
    restore(run, trainer)
    assert trainer.weights_sha256() == OLD_SHA256
    assert np.isfinite(trainer.history.column("loss.generator")).all()
    with closing(Store.open(run)) as store:
        rows, pictures = [store.rows(branch) for branch in (0, 1)], store.snapshots(1)
        assert [len(one) for one in rows] == [600, 320]
        assert store.snapshot(pictures[-1][1])[:4] == b"RIFF"
    with closing(Store.open(run, write=True)):
        pass
    assert (run / STORE).read_bytes()[100:] == before[100:]  # looked at, nothing more
    with closing(Store.open(run)) as reader, closing(Store.open(run, write=True)) as store:
        store.append_rows(1, 320, rows[1][:5])
        for one in (reader, store):
            assert one.about().schema == SCHEMA
            np.testing.assert_array_equal(one.rows(0), rows[0])
            np.testing.assert_array_equal(one.rows(1), np.concatenate([rows[1], rows[1][:5]]))
    flip(run, "metrics", 3, "branch = 0 AND first = 0")
    flip(run, "snapshots", 3, f"id = {pictures[-1][1]}")
    with closing(Store.open(run)) as store:
        assert store.read(1).damaged == ((1, 300),)
        with pytest.raises(StudioError, match="damaged"):
            store.snapshot(pictures[-1][1])


def test_where_checksums_cannot_be_filled_in_a_run_goes_on_without_them(tmp_path):
    run = shutil.copytree(OLD, tmp_path / "run")
    script(run, "UPDATE metrics SET content = 'no checksum can be had of a text' WHERE first = 512")
    with closing(Store.open(run, write=True)) as store:
        store.update_about(note="x")
        assert store.about().schema == SCHEMA
        assert store.read(0).damaged[0][0] == 513
        assert len(store.rows(1)) == 320
