"""Going back to a checkpoint and on, what waits across it, notes, and when checkpoints are made."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from told import Memory, Told

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.keeper import RunKeeper
from ganstudio.training.commands import Diagnose, Edit, Note, Open, Pace, Pause, Rewind, Save, Say, Step, Stop, Train
from ganstudio.training.events import Event
from ganstudio.training.pending import commands_of, plain
from ganstudio.training.trainer import Trainer
from ganstudio.training.valves import Valves

D, G = "discriminator", "generator"


def small(*edits: tuple[str, object]) -> Experiment:
    experiment = files.preset("ring-8")
    for path, value in (("batch_size", 8), ("players.*.network.hidden", [8]), *edits):
        experiment, _ = change(experiment, path, value)
    return experiment


def alone(steps: int, *edits: tuple[int, str, object]) -> Trainer:
    """The same run without a session: edits by the number of completed steps."""
    trainer = Trainer(small())
    for step in range(steps):
        for at, path, value in edits:
            if at == step:
                trainer.edit(path, value)
        trainer.step()
    trainer.flush()
    return trainer


@pytest.fixture(params=["memory", "disk"])
def told(request, tmp_path):
    """A session at rest with a small experiment; its runs kept in memory, or on disk."""
    torch.set_num_threads(1)
    keeper = Memory() if request.param == "memory" else RunKeeper(runs=tmp_path, every=0.0)
    found = Told(keeper=keeper)
    found.session.start()
    found.post(Open(experiment=small()))
    found.event("opened")
    yield found
    found.close()


def rest_at(told: Told, step: int) -> None:
    number = len(told.all("paused")) + 1
    told.post(Pause(at=step), Train())
    assert told.event("paused", number).step == step


def ended(told: Told) -> str:
    told.close()
    return told.session.weights_sha256()


def test_rewinding_and_going_on_equals_uninterrupted(told):
    rest_at(told, 4)
    rest_at(told, 9)
    told.post(Rewind(step=4))
    rewound = told.event("rewound")
    assert (rewound.step, rewound.data["step"], rewound.data["branch"]) == (4, 4, 0)
    assert told.session.status.step == len(told.session.history) == 4
    rest_at(told, 12)
    assert told.session.history.rows() == pytest.approx(alone(12).history.rows(), abs=0, nan_ok=True)
    assert ended(told) == alone(12).weights_sha256()


def test_a_rewind_brings_the_experiment_of_then(told):
    told.post(Edit(at=3, path="lr", value=0.01))
    rest_at(told, 5)
    told.post(Edit(path="objective", value="saturating"))
    rest_at(told, 8)
    told.post(Rewind(step=5))
    rewound = told.event("rewound")
    assert rewound.data["experiment"] == told.session.experiment == alone(4, (3, "lr", 0.01)).experiment
    rest_at(told, 8)
    assert ended(told) == alone(8, (3, "lr", 0.01)).weights_sha256()


def test_a_rewind_into_the_middle_of_a_step_and_on_equals_uninterrupted(told):
    rest_at(told, 2)
    told.post(Step(player=D), Edit(path="lr", value=0.01), Save())
    told.event("edited")
    rest_at(told, 6)
    told.post(Rewind(step=2))
    assert told.event("rewound").step == 2
    assert told.session.status.part == G
    rest_at(told, 6)
    other = alone(2)
    other.play_next()
    other.edit("lr", 0.01)
    for _ in range(4):
        other.step()
    assert ended(told) == other.weights_sha256()


def test_commands_that_waited_then_wait_again(told):
    told.post(Edit(at=6, path="lr", value=0.01))
    rest_at(told, 4)
    rest_at(told, 8)
    told.post(Edit(at=9, path="lr", value=0.5), Rewind(step=4), Edit(at=10, path="ema", value=0.5))
    assert "One command waits for a later step" in told.event("rewound").sentence
    rest_at(told, 12)
    expected = alone(12, (6, "lr", 0.01), (10, "ema", 0.5))
    assert ended(told) == expected.weights_sha256()


def test_what_is_posted_when_a_pause_is_told_of_is_no_part_of_that_state(kept, monkeypatch):
    tell = Valves.tell

    def answered_at_once(valves: Valves, event: Event) -> None:
        tell(valves, event)
        if event.kind == "paused":
            kept.session.post(Pause(at=9))

    monkeypatch.setattr(Valves, "tell", answered_at_once)
    kept.post(Edit(at=7, path="lr", value=0.01))
    rest_at(kept, 4)
    kept.until(lambda: kept.keeper.saves)
    assert [one["command"] for one in kept.keeper.pending] == ["Edit"]


def test_a_running_run_rests_before_it_goes_back(told):
    rest_at(told, 3)
    told.post(Train())
    told.until(lambda: told.session.status.step > 5)
    told.post(Rewind(step=3))
    told.event("rewound")
    assert told.session.status.phase == "paused"
    kinds = [event.kind for event in told.events]
    assert kinds.index("rewound") > len(kinds) - 1 - kinds[::-1].index("paused")


def test_where_there_is_no_checkpoint_nothing_changes(told):
    told.post(Edit(at=7, path="lr", value=0.01))
    rest_at(told, 3)
    told.post(Rewind(step=2), Rewind(branch=5, step=3))
    assert "no checkpoint" in told.event("refused").sentence or "no branch" in told.event("refused").sentence
    told.event("refused", 2)
    assert (told.session.status.step, told.session.status.phase) == (3, "paused")
    rest_at(told, 9)
    assert ended(told) == alone(9, (7, "lr", 0.01)).weights_sha256()


def test_what_the_doctor_found_in_a_future_that_is_gone_is_not_put_down(told):
    rest_at(told, 4)
    rest_at(told, 9)
    told.post(Rewind(step=4), Diagnose(complaint="drift", sentence="It drifts.", seen=8))
    told.post(Diagnose(complaint="drift", sentence="It drifts.", seen=3))
    assert told.event("diagnosed").step == 3
    assert len(told.all("diagnosed")) == 1


def test_a_note_is_told_at_its_step(told):
    rest_at(told, 2)
    told.post(Note(text="here it turns"))
    noted = told.event("noted")
    assert (noted.step, noted.data["text"]) == (2, "here it turns")
    told.post(Note(text="  "))
    assert told.event("refused").data["field"] == "note"


def test_a_run_opened_in_the_middle_of_a_step_with_edits_to_come_equals_uninterrupted(tmp_path):
    torch.set_num_threads(1)
    told = Told(keeper=RunKeeper(runs=tmp_path))
    told.session.start()
    told.post(Open(experiment=small()), Edit(at=5, path="lr", value=0.01), Pause(at=2), Train())
    told.event("paused")
    told.post(Step(player=D), Edit(path="ema", value=0.5))
    told.event("edited")
    told.close()
    folder = Path(told.all("saved")[-1].data["path"])
    again = Told(keeper=RunKeeper(runs=tmp_path))
    again.session.start()
    again.post(Open(experiment=files.read(folder / "experiment.toml"), run=folder), Pause(at=8), Train())
    assert "One command waits" in again.event("opened").sentence
    assert again.event("opened").step == 2
    assert again.event("paused").step == 8
    again.close()
    other = alone(2)
    other.play_next()
    other.edit("ema", 0.5)
    while other.steps < 8:
        if other.steps == 5:
            other.edit("lr", 0.01)
        other.step()
    other.flush()
    assert again.session.weights_sha256() == other.weights_sha256()
    assert np.array_equal(again.session.history.rows(), other.history.rows(), equal_nan=True)


# when checkpoints are made


@pytest.fixture
def kept():
    """A session at rest whose keeper notes what it is told."""
    torch.set_num_threads(1)
    found = Told(keeper=Memory())
    found.session.start()
    found.post(Open(experiment=small()))
    found.event("opened")
    yield found
    found.close()


def test_checkpoints_come_before_edits_and_when_a_run_rests_is_saved_and_ends(kept):
    kept.post(Edit(at=2, path="objective", value="saturating"), Pause(at=3), Train())
    kept.event("paused")
    kept.post(Save(), Train(), Stop())
    kept.event("stopped")
    assert kept.close() is None
    assert kept.keeper.reasons == ["edit objective.kind", "pause", "asked", "stop", "end"]
    assert [step for step, *_ in kept.keeper.saves][:3] == [2, 3, 3]
    assert kept.keeper.states[2][1].objective.kind == "non-saturating"
    assert kept.keeper.closed


def test_an_edit_that_no_step_depends_on_makes_none_and_one_that_is_refused_neither(kept):
    kept.post(Edit(path="checkpoints.every_steps", value=5), Edit(path="title", value="Other"))
    kept.post(Edit(path="lr", value=-1), Edit(path="seed", value=4))
    kept.event("refused", 2)
    assert kept.keeper.reasons == []
    assert kept.session.experiment.checkpoints.every_steps == 5


def test_a_run_that_was_only_looked_at_is_not_saved(kept):
    kept.close()
    assert kept.keeper.saves == []


def test_the_checkpoint_before_an_edit_that_waited_has_it_still_to_come(kept):
    kept.post(Edit(at=2, path="lr", value=0.01), Say(at=7, caption="later"), Train(), Stop(at=4))
    kept.until(lambda: 4 in kept.keeper.states)
    assert [(one["command"], one["at"]) for one in kept.keeper.states[2][4]] == [("Edit", 2), ("Say", 7), ("Stop", 4)]
    assert [one["command"] for one in kept.keeper.states[4][4]] == ["Say"]
    kept.post(Rewind(step=2), Train())
    assert kept.event("stopped", 2).step == 4
    kept.close()
    assert kept.session.weights_sha256() == alone(4, (2, "lr", 0.01)).weights_sha256()


def test_metrics_and_events_are_handed_over_as_they_come(kept):
    kept.post(Pause(at=3), Train())
    kept.event("paused")
    kept.post(Say(caption="at rest"))
    kept.event("said")
    kept.until(lambda: kept.keeper.recorded[-1][1] == kept.keeper.recorded[-2][1] + 1)
    assert kept.keeper.recorded[-1][0] == 3


class Broken(Memory):
    """A keeper that can do nothing."""

    def record(self, trainer, events) -> None:
        raise RuntimeError("broken on purpose")

    def checkpoint(self, trainer, events, reason, **options) -> None:
        raise OSError("broken on purpose")

    def due(self, checkpoints, step) -> None:
        raise ValueError("broken on purpose")

    def close(self) -> None:
        raise RuntimeError("broken on purpose")


def test_a_keeper_that_fails_stops_nothing_and_is_told_of_once():
    torch.set_num_threads(1)
    told = Told(keeper=Broken())
    told.session.start()
    told.post(Open(experiment=small(("steps", 20))), Edit(at=3, path="lr", value=0.01), Pace(steps_per_s=0), Train())
    told.event("finished")
    told.close()
    assert told.session.weights_sha256() == alone(20, (3, "lr", 0.01)).weights_sha256()
    (warned,) = told.all("warned")
    assert "Training goes on" in warned.sentence
    assert "broken on purpose" in warned.data["traceback"]


def test_commands_survive_as_plain_values():
    commands = [
        Edit(at=5, path="lr", value=[1, 2.5, "x"]),
        Note(at=5, text="n"),
        Pace(at=6, steps_per_s=None),
        Pause(at=7),
        Say(at=7, caption="c", beat=1, beats=2),
        Step(at=8, player=D),
        Stop(at=9),
    ]
    values = json.loads(json.dumps(plain([*commands, Train(), Open(at=5), Rewind(at=6)])))
    assert commands_of(values, 5) == commands
    assert commands_of(values, 7) == commands[3:]


@pytest.mark.parametrize(
    "damaged",
    [None, 5, {}, {"command": "Open"}, {"command": "Edit", "at": "soon"}, {"command": "Say", "caption": 4, "at": 2}],
)
def test_what_is_no_command_is_refused(damaged):
    with pytest.raises(StudioError, match="damaged"):
        commands_of([damaged], 0)
