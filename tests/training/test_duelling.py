"""A duel in a session: commands, events and histories while it is on, and what is left when it ends."""

import pytest
import torch
from told import Told, by_hand, small

from ganstudio.runs.keeper import RunKeeper
from ganstudio.training.commands import (
    Duel,
    Edit,
    EndDuel,
    Open,
    Pace,
    Pause,
    Restore,
    Rewind,
    Save,
    Say,
    Step,
    Stop,
    Train,
)
from ganstudio.training.duel import Duel as Contestants
from ganstudio.training.trainer import Trainer

FORK = 2
LOSS = Duel(path="objective", left="saturating", right="non-saturating")


class Judge:
    """Tells who was judged."""

    failing = False

    def __call__(self, duel: Contestants) -> dict:
        assert duel.level
        if self.failing:
            raise ArithmeticError("no numbers")
        return {"steps": duel.steps - duel.fork, "failures": [one.failure for one in duel.sides.values()]}


@pytest.fixture
def duelling(told):
    """A session at step 2, at rest, with a duel ready to begin."""
    told.session._make_judge = Judge
    told.session.start()
    told.post(Open(experiment=small()), Step(), Step(), LOSS)
    told.event("duel")
    return told


def test_a_side_can_be_kept_though_the_judge_fails(duelling, monkeypatch):
    monkeypatch.setattr(Judge, "failing", True)
    duelling.post(Step(), EndDuel(keep="left"))
    assert "cannot be judged" in duelling.event("warned").sentence
    assert duelling.event("duel-ended").data == {"keep": "left", "verdict": {}}
    assert duelling.session.experiment.objective.kind == "saturating"


def kinds(told: Told, trainer: str) -> list[str]:
    return [one.kind for one in told.events if one.trainer == trainer]


def test_a_duel_runs_both_sides_to_its_end_and_the_open_run_rests(duelling):
    event = duelling.event("duel")
    assert event.data == {"path": "objective.kind", "left": "saturating", "right": "non-saturating", "step": FORK}
    assert "Objective · Losses is Saturating (minimax) on the left and Non-saturating on the right" in event.sentence
    assert event.trainer == "main"
    duelling.post(EndDuel(), Duel(path="lr", left=1e-3, right=1e-4, steps=4), Train())
    duelling.event("paused")
    found = duelling.session.duel
    assert (found.path, found.step, found.until) == ("players.generator.optimiser.params.lr", FORK, FORK + 4)
    assert (found.left.trainer, found.right.trainer) == ("left", "right")
    assert (found.left.words, found.right.words) == ("0.001", "0.0001")
    for side in (found.left, found.right):
        assert side.step == len(side.history) == FORK + 4
        alone = by_hand(FORK + 4, (FORK, "lr", side.value))
        assert side.history.rows().tobytes() == alone.history.rows().tobytes()
        assert side.experiment == alone.experiment
    assert duelling.session.status.step == FORK + 4
    assert len(duelling.session.history) == FORK
    assert duelling.session.experiment == small()
    duelling.post(Train())
    duelling.event("paused", 2)
    assert duelling.session.duel.left.step == FORK + 8
    assert kinds(duelling, "duel") == ["started", "paused", "started", "paused"]


@pytest.mark.parametrize("keep", ["left", "right"])
def test_the_kept_side_is_the_run_with_its_edit_also_when_it_trains_on(duelling, keep):
    duelling.post(Step(), Step(), EndDuel(keep=keep))
    event = duelling.event("duel-ended")
    value = {"left": "saturating", "right": "non-saturating"}[keep]
    assert event.data == {"keep": keep, "verdict": {"steps": 2, "failures": ["", ""]}}
    assert (event.step, event.trainer) == (FORK + 2, "main")
    assert duelling.session.duel is None
    assert duelling.session.experiment.objective.kind == value
    # The right side has what the run had: keeping it is no edit.
    edited = [(one.step, one.data["path"], one.data["new"]) for one in duelling.all("edited")]
    assert edited == ([(FORK, "objective.kind", value)] if keep == "left" else [])
    told = f"Objective · Losses: Non-saturating → Saturating (minimax), in force from step {FORK + 1}."
    assert [one.sentence for one in duelling.all("edited")] == ([told] if keep == "left" else [])
    duelling.post(Step())
    duelling.event("stepped", 5)
    duelling.close()
    alone = by_hand(FORK + 3, (FORK, "objective", value))
    assert duelling.session.weights_sha256() == alone.weights_sha256()
    assert duelling.session.history.rows().tobytes() == alone.history.rows().tobytes()


def test_keeping_neither_leaves_the_run_as_it_was(duelling):
    duelling.post(Step(), Edit(path="lr", value=1e-3), Step(), EndDuel(), Step())
    duelling.event("duel-ended")
    duelling.event("stepped", 5)
    duelling.close()
    assert "edited" not in kinds(duelling, "main")
    assert duelling.session.experiment == small()
    alone = by_hand(FORK + 1)
    assert duelling.session.weights_sha256() == alone.weights_sha256()
    assert duelling.session.history.rows().tobytes() == alone.history.rows().tobytes()


def test_commands_act_on_both_sides(duelling):
    duelling.post(
        Edit(path="lr", value=5e-4),
        Step(player="discriminator"),
        Step(),
        Pace(steps_per_s=1000),
        Say(caption="Look.", beat=0, beats=1),
        Edit(at=FORK + 3, path="batch_size", value=8),
        Pause(at=FORK + 5),
        Train(),
    )
    duelling.event("paused")
    duelling.post(Stop(), EndDuel(keep="left"))
    duelling.event("duel-ended")
    assert [
        (one.data["path"], one.step) for one in duelling.events if one.kind == "edited" and one.trainer == "main"
    ] == [
        ("objective.kind", FORK),
        ("players.generator.optimiser.params.lr", FORK),
        ("players.discriminator.optimiser.params.lr", FORK),
        ("batch_size", FORK + 3),
    ]
    duelling.close()
    edits = ((FORK, "objective", "saturating"), (FORK, "lr", 5e-4), (FORK + 3, "batch_size", 8))
    assert duelling.session.weights_sha256() == by_hand(FORK + 5, *edits).weights_sha256()
    assert {"said", "stopped", "stepped", "edited"} <= set(kinds(duelling, "duel"))


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (LOSS, "a duel is on"),
        (Restore(), "a duel is on"),
        (Edit(path="objective", value="hinge"), "the duel is about this field"),
        (Edit(path="seed", value=3), "restart only"),
        (EndDuel(keep="middle"), "no side called 'middle'"),
    ],
)
def test_what_a_duel_cannot_follow_is_refused_and_it_goes_on(duelling, command, words):
    duelling.post(command, Step())
    assert words in duelling.event("refused").sentence
    duelling.event("stepped", 3)
    assert duelling.session.duel.left.step == FORK + 1


def test_without_a_duel_there_is_none_to_end_and_none_begins_without_a_difference(told):
    told.session.start()
    told.post(LOSS, Open(experiment=small()), EndDuel(), Duel(left="hinge", right="hinge"), Step())
    told.event("stepped")
    sentences = [one.sentence for one in told.events if one.kind == "refused"]
    assert [next(word for word in ("no experiment", "no duel", "the same") if word in one) for one in sentences] == [
        "no experiment",
        "no duel",
        "the same",
    ]
    assert told.session.duel is None


def test_a_duel_that_begins_while_training_runs_runs_too_and_opening_another_experiment_ends_it(running):
    running.post(LOSS)
    at = running.event("duel").step
    running.until(lambda: (running.session.duel or 0) and running.session.duel.left.step > at + 1)
    running.post(Open(experiment=small(("seed", 5))))
    ended = running.event("duel-ended")
    running.event("opened", 2)
    assert ended.data["keep"] == ""
    assert running.session.duel is None
    assert running.session.experiment.seed == 5
    assert running.session.status.step == 0


def test_a_side_that_breaks_down_is_told_of_once_and_the_other_trains_on(duelling, monkeypatch):
    play = Trainer.play_next

    def fragile(trainer):
        if trainer.name == "right" and trainer.steps == FORK + 3:
            raise RuntimeError("broken on purpose")
        play(trainer)

    monkeypatch.setattr(Trainer, "play_next", fragile)
    duelling.post(Pace(steps_per_s=1000), Pause(at=FORK + 6), Train())
    duelling.event("paused")
    found = duelling.session.duel
    assert "broken on purpose" in found.right.failure
    assert found.right.step == len(found.right.history) == FORK
    assert (found.left.failure, found.left.step) == ("", FORK + 6)
    warned = duelling.event("warned")
    assert warned.trainer == "right"
    assert warned.sentence.startswith("Right (non-saturating) has broken down.")
    duelling.post(EndDuel(keep="left"))
    assert duelling.event("duel-ended").data["verdict"]["failures"][0] == ""
    assert len(duelling.all("warned")) == 1
    duelling.close()
    assert duelling.session.weights_sha256() == by_hand(FORK + 6, (FORK, "objective", "saturating")).weights_sha256()


def test_when_both_sides_have_broken_down_the_duel_rests_and_neither_is_left(duelling, monkeypatch):
    monkeypatch.setattr(Trainer, "step", lambda trainer: 1 / (trainer.name == "main"))
    duelling.post(Train())
    assert "broken down" in duelling.event("paused").sentence
    duelling.post(Train())
    assert "both sides have broken down" in duelling.event("refused").sentence
    duelling.post(EndDuel())
    duelling.event("duel-ended")
    assert duelling.session.status.step == FORK


def test_frames_of_each_side_come_under_its_name_and_none_after_the_duel(duelling):
    boxes = {name: duelling.session.subscribe("looking", name) for name in ("main", "left", "right")}
    duelling.post(Step())
    duelling.event("stepped", 3)
    seen = {}

    def looked():
        for name, box in boxes.items():
            frame = box.take()
            if frame is not None:
                seen[name] = (frame.trainer, frame.step)
        duelling.session.wake()
        return len(seen) == 3

    duelling.until(looked)
    duelling.until(lambda: looked() and seen["right"][1] == FORK + 1)
    assert seen == {"main": ("main", FORK), "left": ("left", FORK + 1), "right": ("right", FORK + 1)}
    duelling.post(EndDuel(keep="left"), Step())
    duelling.event("duel-ended")
    duelling.event("stepped", 4)
    seen.clear()
    duelling.until(lambda: looked() or seen.get("main") == ("main", FORK + 2))
    assert set(seen) == {"main"}


def test_the_run_is_saved_as_it_stood_before_the_duel_and_its_events_know_of_it(duelling):
    duelling.post(Step(), Save(), EndDuel(keep="left"), Save())
    duelling.event("duel-ended")
    duelling.until(lambda: len(duelling.keeper.saves) >= 3)
    steps = [step for step, _, _ in duelling.keeper.saves]
    assert steps == [FORK, FORK, FORK + 1]
    assert duelling.keeper.saves[-1][2][-3:] == ["duel", "edited", "duel-ended"]


def test_what_waited_for_a_later_step_waits_again_when_neither_side_is_kept(duelling):
    duelling.post(EndDuel(), Edit(at=FORK + 2, path="batch_size", value=8), LOSS, Step(), Step(), Step(), EndDuel())
    duelling.event("duel-ended", 2)
    assert [one.trainer for one in duelling.all("edited")] == ["duel"]
    duelling.post(Step(), Step(), Step())
    duelling.event("stepped", 8)
    duelling.close()
    alone = by_hand(FORK + 3, (FORK + 2, "batch_size", 8))
    assert duelling.session.weights_sha256() == alone.weights_sha256()


def test_the_run_can_go_back_to_where_the_duel_began_on_disk_too(tmp_path):
    torch.set_num_threads(1)
    told = Told(keeper=RunKeeper(runs=tmp_path, every=0.0))
    told.session.start()
    told.post(Open(experiment=small()), Step(), Step(), LOSS, Step(), EndDuel(keep="left"), Step(), Stop())
    told.event("stopped")
    told.post(Rewind(branch=0, step=FORK))
    assert told.event("rewound").data["experiment"].objective.kind == "non-saturating"
    told.post(Step())
    told.event("stepped", 5)
    told.close()
    assert told.session.weights_sha256() == by_hand(FORK + 1).weights_sha256()
    kinds = [one.kind for one in told.all("rewound")[0].data["earlier"]]
    assert "duel-ended" not in kinds
