"""The session: commands are kept and followed at their step, closing saves."""

import threading
import time

import pytest
from told import by_hand, small

from ganstudio.training import worker
from ganstudio.training.commands import Edit, Open, Pause, Save, Step, Stop, Train

# commands


def test_commands_given_before_torch_is_in_are_kept_in_order(told):
    told.post(Open(experiment=small()), Edit(at=3, path="lr", value=0.01), Pause(at=5), Train())
    assert told.session.status.phase == "loading"
    told.session.start()
    assert told.event("paused").step == 5
    assert [e.kind for e in told.events if e.kind in ("opened", "started", "edited", "paused")] == [
        "opened",
        "started",
        "edited",
        "edited",
        "paused",
    ]
    told.close()
    expected = by_hand(5, (3, "lr", 0.01))
    assert told.session.weights_sha256() == expected.weights_sha256()


def test_an_edit_acts_after_its_step_and_says_so(told):
    told.session.start()
    told.post(Open(experiment=small(("steps", 6))), Edit(at=4, path="objective", value="saturating"), Train())
    edited, finished = told.event("edited"), told.event("finished")
    assert (edited.step, finished.step) == (4, 6)
    assert edited.data["path"] == "objective.kind"
    assert (edited.data["old"], edited.data["new"]) == ("non-saturating", "saturating")
    assert told.session.experiment.objective.kind == "saturating"
    told.close()
    expected = by_hand(6, (4, "objective", "saturating"))
    assert told.session.weights_sha256() == expected.weights_sha256()


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("lr", -1, "players.generator.optimiser"),
        ("players.generator.network.width", 8, "players.generator.network"),
        ("nonsense", 1, "nonsense"),
        ("batch_size", 60000, "batch_size"),
    ],
)
def test_a_refused_edit_names_the_field_and_training_goes_on(running, path, value, field):
    running.post(Edit(path=path, value=value))
    refused = running.event("refused")
    assert refused.data["field"].startswith(field)
    assert field in refused.sentence
    step = running.session.status.step
    running.until(lambda: running.session.status.step > step)
    assert running.session.status.phase == "running"


@pytest.mark.parametrize("command", [Pause(), Stop()], ids=["pause", "stop"])
def test_it_rests_promptly(running, command):
    running.until(lambda: running.session.status.step > 2)
    asked = time.monotonic()
    running.post(command)
    running.event("paused" if isinstance(command, Pause) else "stopped")
    assert time.monotonic() - asked < 1
    step = running.session.status.step
    time.sleep(0.1)
    assert running.session.status.step == step == len(running.session.history)


def test_stop_saves_and_train_goes_on_as_if_nothing_was(told):
    told.session.start()
    told.post(Open(experiment=small(("steps", 6))), Train(), Stop(at=3))
    assert told.event("stopped").step == 3
    told.until(lambda: told.keeper.saves)
    assert told.keeper.saves[0][:2] == (3, False)
    assert "stopped" in told.keeper.saves[0][2]
    told.post(Train())
    told.event("finished")
    told.close()
    assert told.session.weights_sha256() == by_hand(6).weights_sha256()


def test_without_an_experiment_there_is_nothing_to_train(told):
    told.session.start()
    told.post(Train())
    assert "preset" in told.event("refused").sentence


def test_stepping_by_hand_is_stepping(told):
    told.session.start()
    told.post(Open(experiment=small()), Step(), Step(player="discriminator"), Step(player="generator"))
    assert [told.event("stepped", number).step for number in (1, 2, 3)] == [1, 1, 2]
    told.close()
    assert told.session.weights_sha256() == by_hand(2).weights_sha256()


def test_a_running_session_is_not_stepped_by_hand(running):
    running.post(Step())
    assert "pause" in running.event("refused").sentence


def test_a_run_that_is_opened_goes_on_and_brings_its_events(told):
    told.session.start()
    told.post(Open(experiment=small(("steps", 6)), run="anywhere"), Train())
    opened = told.event("opened")
    assert opened.step == 3
    assert [event.sentence for event in opened.data["earlier"]] == ["earlier"]
    assert told.event("finished").step == 6
    told.close()
    assert told.session.weights_sha256() == by_hand(6).weights_sha256()
    assert told.keeper.saves[-1][2][0] == "edited"


def test_opening_another_experiment_saves_the_one_before(running):
    running.until(lambda: running.session.status.step > 2)
    running.post(Open(experiment=small(("seed", 5))))
    running.event("opened", 2)
    steps, waited, _ = running.keeper.saves[0]
    assert steps > 2
    assert waited
    assert running.session.experiment.seed == 5
    assert (running.session.status.step, len(running.session.history)) == (0, 0)


@pytest.mark.parametrize(
    "edit", [("data.path", "/nowhere/at/all"), ("batch_size", 60000)], ids=["missing data", "batch too large"]
)
def test_an_experiment_that_cannot_be_opened_leaves_the_open_one(running, edit):
    running.until(lambda: running.session.status.step > 2)
    running.post(Open(experiment=small(edit)))
    refused = running.event("refused")
    assert str(edit[1]) in refused.sentence
    assert running.session.status.phase == "paused"
    running.post(Train())
    running.event("started", 2)


def test_what_was_to_be_done_later_goes_with_its_run(running):
    running.post(Edit(at=10**6, path="lr", value=0.5), Open(experiment=small(("seed", 5))))
    running.event("opened", 2)
    assert running.session.idle


def test_nothing_is_wrong_with_the_open_run_when_another_fails_to_open(running, monkeypatch):
    running.until(lambda: running.session.status.step > 2)
    monkeypatch.setattr(worker, "Trainer", lambda *_, **__: 1 / 0)
    running.post(Open(experiment=small()))
    failed = running.event("failed")
    assert "cannot be opened" in failed.sentence
    assert "ZeroDivisionError" in failed.data["traceback"]
    assert failed.step == running.keeper.saves[0][0] == running.session.status.step


# closing


def test_closing_stops_saves_and_ends_the_thread(running):
    running.until(lambda: running.session.status.step > 2)
    running.close()
    assert running.session.status.phase == "closed"
    steps, waited, _ = running.keeper.saves[-1]
    assert (steps, waited) == (running.session.status.step, True)
    assert len(running.session.history) == steps
    assert not [thread for thread in threading.enumerate() if thread.name == "training"]


def test_closing_before_anything_was_trained_saves_nothing(told):
    told.session.start()
    told.post(Open(experiment=small()))
    told.event("opened")
    told.close()
    assert not told.keeper.saves


def test_saving_on_command(running):
    running.until(lambda: running.session.status.step > 2)
    running.post(Save())
    running.until(lambda: running.keeper.saves)
    assert running.keeper.saves[0][1] is False
    assert running.session.status.phase == "running"
