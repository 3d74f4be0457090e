"""Slow motion only delays: the same weights, evenly spread parts, and everything asked for acts promptly."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf, nan

import pytest
import torch
from told import Memory, Told

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.training.commands import Edit, Open, Pace, Pause, Save, Step, Stop, Train
from ganstudio.training.mailbox import Frame
from ganstudio.training.tempo import Tempo, rate_words
from ganstudio.training.trainer import Trainer

D, G = "discriminator", "generator"
ORDERS = {
    "D first": (),
    "G first": (("game.params.order", "generator first"),),
    "simultaneous": (("game.params.order", "simultaneous"),),
    "k = 2": (("players.discriminator.updates", 2), ("players.generator.updates", 2)),
}


def small(*edits: tuple[str, object]) -> Experiment:
    experiment = files.preset("ring-8")
    for path, value in (("batch_size", 16), ("players.*.network.hidden", [8]), *edits):
        experiment, _ = change(experiment, path, value)
    return experiment


def alone(steps: int, *edits: tuple[str, object]) -> Trainer:
    """The same run at full speed, without a session."""
    trainer = Trainer(small(*edits))
    for _ in range(steps):
        trainer.step()
    return trainer


@dataclass(frozen=True)
class Seen(Frame):
    part: str


class Watching:
    """A probe that notes which part comes next."""

    def frame(self, trainer: Trainer) -> Seen:
        return Seen(trainer.steps, trainer.name, trainer.next_part)


class Saves(Memory):
    """A keeper that notes the weights that it is told to save."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def checkpoint(self, trainer, events, reason, **options) -> None:
        super().checkpoint(trainer, events, reason, **options)
        if reason != "start":
            self.found.append((trainer.steps, trainer.weights_sha256()))


@pytest.fixture
def told() -> Iterator[Told]:
    torch.set_num_threads(1)
    found = Told(keeper=Saves(), probes={"watching": Watching})
    found.session.start()
    yield found
    found.close()


def mid_step(told: Told, *edits: tuple[str, object]) -> None:
    """Start so slowly that nothing follows the first part for a long time, and wait until that has been played."""
    told.post(Open(experiment=small(*edits)), Pace(steps_per_s=0.01), Train())
    told.until(lambda: told.session.status.part == G)


@pytest.mark.parametrize("edits", ORDERS.values(), ids=ORDERS)
def test_slow_motion_ends_with_the_weights_of_full_speed(told, edits):
    told.post(Open(experiment=small(("steps", 4), *edits)), Pace(steps_per_s=25), Train())
    told.event("finished")
    told.session.close()
    assert told.session.weights_sha256() == alone(4, *edits).weights_sha256()
    assert len(told.session.history) == 4


@pytest.mark.parametrize("edits", [ORDERS["D first"], ORDERS["G first"], ORDERS["k = 2"]], ids=["D", "G", "k = 2"])
def test_stepping_players_by_hand_is_what_the_loop_does(told, edits):
    order = (G, D) if edits == ORDERS["G first"] else (D, G)
    told.post(Open(experiment=small(*edits)), *(Step(player=name) for name in order * 2), Pause(at=4), Train())
    assert told.event("paused").step == 4
    told.session.close()
    assert told.session.weights_sha256() == alone(4, *edits).weights_sha256()


def test_pace_may_change_in_the_middle_of_a_step(told):
    mid_step(told, ("steps", 5))
    told.post(Pace(steps_per_s=50), Edit(at=3, path="lr", value=0.01), Pace(at=4))
    told.event("finished")
    told.session.close()
    other = alone(3)
    other.edit("lr", 0.01)
    other.step()
    other.step()
    assert told.session.weights_sha256() == other.weights_sha256()
    assert [event.sentence for event in told.all("paced")] == [
        "Slow motion: 0.01 step/s.",
        "Slow motion: 50 steps/s.",
        "Full speed.",
    ]
    assert told.session.status.pace == 0


def test_parts_are_spread_evenly_and_each_is_seen(told):
    mailbox = told.session.subscribe("watching")
    seen: list[tuple[int, str, float]] = []

    def look() -> bool:
        frame = mailbox.take()
        if frame is not None:
            seen.append((frame.step, frame.part, time.monotonic()))
        return bool(told.all("finished")) and bool(seen) and seen[-1][0] == 3

    told.post(Open(experiment=small(("steps", 3))), Pace(steps_per_s=4), Train())
    told.until(look)
    parts = [(step, part) for step, part, _ in seen]
    assert parts[-6:] == [(0, G), (1, D), (1, G), (2, D), (2, G), (3, D)]
    gaps = [b - a for (_, _, a), (_, _, b) in pairwise(seen[-6:])]
    assert sum(gaps) == pytest.approx(5 / 8, abs=0.12)
    assert min(gaps) > 0.03


def test_pause_rests_between_the_parts_at_once_and_train_goes_on_from_there(told):
    mid_step(told)
    asked = time.monotonic()
    told.post(Pause())
    assert told.event("paused").step == 0
    assert time.monotonic() - asked < 1
    assert told.session.status.part == G
    told.post(Pause(at=2), Pace(), Train())
    told.event("paused", 2)
    told.session.close()
    assert told.session.weights_sha256() == alone(2).weights_sha256()


def part_way() -> Trainer:
    """The first part of the first step played, and nothing else."""
    trainer = Trainer(small())
    trainer.play_next()
    return trainer


def test_an_edit_completes_the_step_in_progress_at_once(told):
    mid_step(told)
    asked = time.monotonic()
    told.post(Edit(path="lr", value=0.01))
    edited = told.event("edited")
    assert (edited.step, edited.sentence.endswith("in force from step 2.")) == (1, True)
    assert told.keeper.found == [(1, alone(1).weights_sha256())]
    assert time.monotonic() - asked < 1


@pytest.mark.parametrize("command", [Stop(), Save()], ids=["stop", "save"])
def test_a_step_in_progress_is_saved_as_it_is(told, command):
    mid_step(told)
    told.post(command)
    told.until(lambda: told.keeper.found)
    assert told.keeper.found == [(0, part_way().weights_sha256())]
    assert told.session.status.part == G


def test_an_edit_while_a_run_rests_within_a_step_acts_on_the_rest_of_it(told):
    told.post(Open(experiment=small()), Step(player=D), Edit(path="lr", value=0.01), Step(player=G))
    told.event("stepped", 2)
    assert told.event("edited").sentence.endswith("in force from the rest of step 1.")
    told.session.close()
    other = part_way()
    other.edit("lr", 0.01)
    other.step()
    assert told.session.weights_sha256() == other.weights_sha256()


def test_a_run_that_is_closed_in_the_middle_of_a_step_is_saved_there(told):
    mid_step(told)
    asked = time.monotonic()
    assert told.session.close()
    assert time.monotonic() - asked < 1
    assert told.keeper.found == [(0, part_way().weights_sha256())]
    again = Trainer(small())
    again.load(told.keeper.states[0][0])
    again.step()
    assert again.weights_sha256() == alone(1).weights_sha256()


@pytest.mark.parametrize("pace", [-1.0, nan, inf])
def test_what_is_no_pace_is_refused(told, pace):
    told.post(Pace(steps_per_s=pace))
    refused = told.event("refused")
    assert refused.data["field"] == "pace"
    assert "0 for full speed" in refused.sentence
    assert told.session.status.pace == 0


def test_a_late_part_does_not_hurry_the_next():
    tempo = Tempo()
    tempo.set(5)
    tempo.begin()
    time.sleep(0.25)
    tempo.played(2)
    tempo.played(2)
    assert tempo.wait() == pytest.approx(0.1, abs=0.02)
    tempo.set(50)
    assert tempo.wait() <= 0.011
    tempo.set(None)
    assert tempo.wait() == 0


def test_paces_have_words():
    assert [rate_words(rate) for rate in (0.0625, 0.125, 0.25, 0.5, 1, 2, 8, 0)] == [
        "1/16 step/s",
        "⅛ step/s",
        "¼ step/s",
        "½ step/s",
        "1 step/s",
        "2 steps/s",
        "8 steps/s",
        "full speed",
    ]
