"""``bench toys`` in small: what is trained, for how long, and what counts as reached."""

import json

import numpy as np
import pytest
import torch

from ganstudio import bench, cli
from ganstudio.bench import toys
from ganstudio.bench.toys import CASES, Case, Course, Result, figures, measure, results, trained
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.files import preset
from ganstudio.metrics.modes import ModeScore
from ganstudio.training.trainer import Trainer

BY_NAME = {case.name: case for case in CASES}


pytestmark = pytest.mark.usefixtures("threads_come_back")
"""Benchmarks choose torch's number of threads."""


def small(steps: int = 6, name: str = "ring-8") -> Experiment:
    experiment = preset(name)
    for path, value in (("batch_size", 16), ("players.*.network.hidden", [8]), ("steps", steps)):
        experiment, _ = change(experiment, path, value)
    return experiment


def on(*shares: float) -> ModeScore:
    found = np.array(shares)
    return ModeScore(found, found)


# one seed


def test_a_seed_trains_to_its_last_step_and_is_judged():
    found = trained(small(6).model_dump(), [], 3, 1)
    assert found.steps == 6
    assert 0 < found.js <= np.log(2) + 1e-9
    assert 0 <= found.covered <= 8
    assert 0 <= found.good <= 1


def test_a_seed_ends_when_its_time_is_over():
    found = trained(small(0).model_dump(), [], 1, 1, seconds=0.05)
    assert 0 < found.steps < 10_000


def test_the_seed_decides():
    values = small(name="figure-1").model_dump()
    one, same, other = (trained(values, [], seed, 1) for seed in (1, 1, 2))
    assert one == same != other


def test_edits_act_after_their_step(monkeypatch):
    made = []
    edit = Trainer.edit
    monkeypatch.setattr(
        Trainer, "edit", lambda self, path, value: made.append((self.steps, path)) or edit(self, path, value)
    )
    trained(small(6).model_dump(), [(4, "objective", "hinge"), (0, "lr", 1e-4)], 1, 1)
    assert made == [(0, "lr"), (4, "objective")]


def test_the_average_of_g_is_judged():
    trainer = Trainer(small())
    with torch.no_grad():
        for parameter in trainer.players["generator"].network.parameters():
            parameter.fill_(float("nan"))
    assert toys.samples(trainer, 10).isfinite().all()


def test_images_are_refused():
    experiment, _ = change(preset("dcgan-mnist"), "steps", 1)
    with pytest.raises(StudioError, match="known density"):
        trained(experiment.model_dump(), [], 1, 1)


# the course of a run


def test_hops_are_changes_of_the_mode_that_holds_most():
    course = Course()
    for look in (on(0.4, 0.3, 0.3), on(1, 0, 0), on(0.6, 0.4, 0), on(0.45, 0.45, 0.1), on(0, 1, 0), on(0, 1, 0)):
        course.look(look)
    assert course.hops == 1
    assert course.present == 3
    course.look(on(0, 0, 1))
    course.look(on(1, 0, 0))
    assert course.hops == 3


def test_the_course_begins_once_a_mode_holds_most():
    course = Course()
    course.look(on(0.4, 0.3, 0.3))
    assert course.present == 0
    course.look(on(0.9, 0.095, 0.005))
    assert (course.present, course.hops) == (2, 0)


def test_a_watched_seed_is_looked_at(monkeypatch):
    looks = []
    monkeypatch.setattr(toys, "LOOKS", 3)
    monkeypatch.setattr(Course, "look", lambda self, found: looks.append(found))
    trained(small(6).model_dump(), [], 1, 1, watched=True)
    assert len(looks) == 4
    assert trained(small(6).model_dump(), [], 1, 1, watched=False).hops == 0
    assert len(looks) == 4


# many seeds


def test_the_marks_are_those_asked_for():
    reached = {
        "figure-1": [(Result(1, 0.01, 1, 1.0), True), (Result(1, 0.011, 1, 1.0), False)],
        "ring-8": [(Result(1, 0.1, 8, 0.95), True), (Result(1, 0.1, 7, 1.0), False), (Result(1, 0.1, 8, 0.94), False)],
        "grid-25": [(Result(1, 0.1, 24, 0.8), True), (Result(1, 0.1, 23, 0.9), False)],
        "helvetica": [
            (Result(1, 0.6, 1, 0.5, present=2, hops=3), True),
            (Result(1, 0.6, 1, 0.5, present=3, hops=9), False),
            (Result(1, 0.6, 1, 0.5, present=1, hops=2), False),
        ],
    }
    assert set(reached) == set(BY_NAME)
    for name, each in reached.items():
        assert [BY_NAME[name].reached(one) for one, _ in each] == [wanted for _, wanted in each], name


@pytest.mark.parametrize(("name", "of_five"), [("figure-1", 5), ("ring-8", 4), ("grid-25", 3), ("helvetica", 5)])
def test_so_many_seeds_must_reach_it(name, of_five):
    five = [Result(100 + seed, 0.02, 8, 0.9) for seed in range(5)]
    first = figures(BY_NAME[name], five)[0]
    assert (first.bound, first.target) == ("≥", of_five)
    assert figures(BY_NAME[name], five[:1])[0].target == 1


def test_medians_are_reported():
    found = [Result(100, 0.02, 8, 0.97), Result(300, 0.03, 7, 0.9), Result(200, 0.01, 8, 0.96)]
    values = {one.name: one.value for one in figures(BY_NAME["ring-8"], found)}
    assert values == {
        "ring-8: seeds of 3 that reach 8 modes and ≥ 95 % good samples": 2,
        "ring-8: modes covered, median": 8,
        "ring-8: share of good samples, median": 0.96,
        "ring-8: steps, median": 200,
    }


def test_seeds_in_processes_of_their_own_give_the_same(monkeypatch):
    monkeypatch.setattr(toys, "threads_for", lambda *_: 1)
    monkeypatch.setattr(toys, "cores", lambda: 2)
    at_once = results(BY_NAME["ring-8"], small(2), [], [1, 2])
    monkeypatch.setattr(toys, "cores", lambda: 1)
    assert results(BY_NAME["ring-8"], small(2), [], [1, 2]) == at_once


def test_networks_that_want_all_threads_train_one_after_another(monkeypatch):
    monkeypatch.setattr(toys, "threads_for", lambda *_: 2)
    monkeypatch.setattr(toys, "cores", lambda: 2)
    monkeypatch.setattr(toys, "ProcessPoolExecutor", None)
    assert len(results(BY_NAME["ring-8"], small(1), [], [1, 2])) == 2


def test_the_whole_of_it_in_small(monkeypatch, capsys):
    monkeypatch.setattr(toys, "threads_for", lambda *_: 1)
    monkeypatch.setattr(Case, "load", lambda self: (small(2), [(1, "lr", 1e-4)]))
    monkeypatch.setattr(toys, "cores", lambda: 1)
    assert bench.run("toys", None, True, 1) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["bench"] == "toys"
    assert {row["name"].split(":")[0] for row in found["figures"]} == set(BY_NAME)
    assert [row["target"] for row in found["figures"] if "seeds of 1" in row["name"]] == [1, 1, 1, 1]


# what can be typed


def test_bad_input_is_one_sentence(capsys):
    with pytest.raises(StudioError, match="figure-1, ring-8, grid-25, helvetica only"):
        measure("mlp-mnist")
    assert bench.run("engine", None, False, 3) == 2
    assert "--seeds" in capsys.readouterr().err
    assert cli.main(["bench", "toys", "--seeds", "0"]) == 2
    assert "whole number" in capsys.readouterr().err
