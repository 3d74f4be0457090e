"""Kills, damaged files and other hazards, a few of each: ``ganstudio bench faults`` has the long form."""

import sys

import numpy as np
import pytest

from ganstudio import bench
from ganstudio.bench import beside, corruption, faults, hazards, killing
from ganstudio.experiment.errors import StudioError
from ganstudio.runs import blocks
from ganstudio.runs import store as stores

FLIPS = 1001, 1022
"""Seeds of trials that flip bits in pictures and in metrics."""
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and limits on files")


def test_killed_runs_open_and_lose_nothing_that_was_saved(tmp_path):
    found = list(beside.lines("ganstudio.bench.killing", tmp_path / "run", 2, patience=100))
    kills, (last,) = found[:-1], found[-1:]
    assert len(kills) == 2
    assert all(one["lost"] == 0 and one["integrity"] and one["again"] for one in kills), kills
    assert last["same"]


def test_a_lost_save_would_be_seen():
    assert killing.Kill(saved=50, reached=60, resumed=25).lost == 25
    assert killing.Kill(saved=50, reached=60, resumed=75).lost == 0
    assert killing.Kill(saved=50, reached=60, words="it does not open").lost == 51


def test_damaged_and_hostile_files_are_refused_or_passed_over(tmp_path):
    sample = corruption.Sample(tmp_path)
    results = [sample.trial(seed) for seed in (1000, *range(1002, 1007), *FLIPS)]
    assert [one for one in results if not one.good] == []
    assert {one.end for one in results} >= {"opened", "refused"}
    assert len({one.damage for one in results}) > 3
    flips = [one for one in results if one.target in corruption.CONTENTS]
    assert {one.target for one in flips} == set(corruption.CONTENTS)
    assert all(one.seen for one in flips)


def test_flips_that_nobody_notices_would_be_counted(tmp_path, monkeypatch):
    """As a run was before its contents had checksums."""
    for module in (blocks, stores):
        monkeypatch.setattr(module, "intact", lambda *_: True)
    sample = corruption.Sample(tmp_path)
    assert [sample.trial(seed).end for seed in FLIPS] == ["unseen", "unseen"]


def test_every_damage_damages(tmp_path):
    canary, random = tmp_path / "canary", np.random.default_rng(0)
    for _, damage in corruption.DAMAGES:
        file = tmp_path / "file"
        file.write_bytes(bytes(range(256)) * 8)
        damage(file, random, canary)
        assert not file.is_file() or file.read_bytes() != bytes(range(256)) * 8
        file.rmdir() if file.is_dir() else file.unlink(missing_ok=True)
    assert not canary.exists()


@pytest.mark.parametrize("name", ["clock set back", "settings unwritable", "two windows on one run"])
def test_a_hazard_ends_well(tmp_path, name):
    assert hazards.judge(name, tmp_path / "place") == ""


def test_a_hazard_that_ends_badly_is_told(tmp_path, monkeypatch):
    def bad(folder):
        hazards.expect(False, "everything is lost")

    monkeypatch.setitem(hazards.HAZARDS, "bad", bad)
    assert hazards.judge("bad", tmp_path / "place") == "everything is lost"


def test_a_process_that_dies_or_hangs_is_told_from_the_other():
    with pytest.raises(beside.Ended, match="No module named") as died:
        list(beside.lines("ganstudio.bench.nonsense"))
    assert not died.value.hung
    with pytest.raises(beside.Ended, match="silent") as hung:
        list(beside.lines("timeit", "-n1", "-r1", "import time; time.sleep(60)", patience=0.5))
    assert hung.value.hung


def test_figures_count_what_went_wrong(tmp_path, monkeypatch):
    kill = {"lost": 0, "saved": 5, "reached": 9, "resumed": 5, "integrity": True, "again": True, "words": ""}
    trial = {"target": "store", "damage": "empty", "end": "opened", "seconds": 0.1, "words": ""}

    def lines(module, *arguments, **options):
        if module.endswith("killing"):
            yield kill
            yield {**kill, "lost": 3, "again": False}
            yield {"same": True}
        elif module.endswith("corruption"):
            yield trial
            if arguments[1] == 0:
                raise beside.Ended(False, "segmentation fault")
            yield {**trial, "end": "changed"}
        else:
            yield {"name": "x", "wrong": "it hangs" if "full" in arguments[1] else ""}

    monkeypatch.setattr(faults, "lines", lines)
    killed = {one.name: one for one in faults.killed(tmp_path / "k", 2)}
    assert killed["runs of 2 killed ones that open and go on"].met is False
    assert killed["steps of a completed save that were lost"].value == 3
    assert killed["steps after the last completed save, at most"].value == 4
    damaged = {one.name: one.value for one in faults.damaged(tmp_path / "d", 4)}
    assert (damaged["crashes"], damaged["that opened with weights that never were"]) == (1, 1)
    (endangered,) = faults.endangered(tmp_path / "e" / "f")
    assert endangered.value == len(hazards.HAZARDS) - 1


def test_faults_measures_no_preset(capsys):
    assert bench.run("faults", "ring-8", False) == 2
    assert "no preset" in capsys.readouterr().err
    with pytest.raises(StudioError, match="no preset"):
        faults.measure("ring-8")
