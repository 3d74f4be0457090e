"""Edits from the window: what the trainer is told, what waits, what undo brings back, what a refusal leaves."""

from time import sleep

import pytest
from PySide6.QtTest import QSignalSpy

from ganstudio.experiment.differences import differing
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Spec
from ganstudio.experiment.paths import value_at
from ganstudio.training.commands import Edit, Train
from ganstudio.training.events import Event
from ganstudio.training.session import Session
from ganstudio.ui import undo
from ganstudio.ui.studio import Studio


@pytest.fixture
def in_force(studio, settle):
    """The value at a path in the trainer's own experiment."""

    def in_force(path: str):
        settle(studio)
        return value_at(studio.session.experiment, path)

    return in_force


def test_a_live_edit_reaches_the_trainer_and_undo_takes_it_back(studio, in_force, tiny):
    edited = QSignalSpy(studio.edited)
    assert studio.edit("batch_size", 16)
    assert in_force("batch_size") == 16
    assert [edited.at(i)[0] for i in range(edited.count())] == ["batch_size"]
    studio.undo_stack.undo()
    assert studio.experiment == tiny
    assert in_force("batch_size") == 8
    studio.undo_stack.redo()
    assert in_force("batch_size") == 16


def test_one_edit_of_all_players_is_one_undo(studio, in_force):
    studio.edit("lr", 0.01)
    assert studio.undo_stack.count() == 1
    assert in_force("players.discriminator.optimiser.params.lr") == 0.01
    studio.undo_stack.undo()
    for player in ("generator", "discriminator"):
        assert in_force(f"players.{player}.optimiser.params.lr") == 0.001


def test_setting_a_field_to_its_own_value_is_no_edit(studio):
    assert studio.edit("batch_size", 8)
    assert studio.undo_stack.count() == 0


def test_quick_edits_of_one_field_are_undone_as_one(studio):
    for size in (9, 10, 11):
        studio.edit("batch_size", size)
    assert studio.undo_stack.count() == 1
    studio.undo_stack.undo()
    assert studio.experiment.batch_size == 8


def test_slow_edits_and_edits_of_other_fields_are_undone_apart(studio, monkeypatch):
    studio.edit("batch_size", 9)
    studio.edit("ema", 0.5)
    studio.edit("batch_size", 10)
    monkeypatch.setattr(undo, "MERGE_SECONDS", 0.0)
    sleep(0.001)
    studio.edit("batch_size", 11)
    assert studio.undo_stack.count() == 4


def test_merging_an_edit_of_one_player_with_one_of_all_undoes_all(studio, in_force):
    studio.edit("players.generator.optimiser.lr", 0.002)
    studio.edit("lr", 0.003)
    assert studio.undo_stack.count() == 1
    studio.undo_stack.undo()
    assert in_force("players.discriminator.optimiser.params.lr") == 0.001


def test_there_and_back_in_a_moment_leaves_nothing_to_undo(studio):
    studio.toggle_saturating()
    assert studio.saturating
    studio.toggle_saturating()
    assert not studio.saturating
    assert studio.undo_stack.count() == 0


def test_undoing_another_kind_brings_its_parameters_back(studio, in_force):
    studio.edit("players.generator.optimiser.beta1", 0.9)
    studio.edit("players.generator.optimiser", "sgd")
    assert in_force("players.generator.optimiser.kind") == "sgd"
    studio.undo_stack.undo()
    assert in_force("players.generator.optimiser.params.beta1") == 0.9
    assert in_force("players.generator.optimiser.params.lr") == 0.001
    assert differing(studio.session.experiment, studio.experiment) == []


def test_a_structural_edit_waits_until_the_restart(studio, in_force):
    studio.edit("noise.dim", 6)
    studio.edit("data", "emoji")
    studio.edit("data.set", "noto")
    assert {"noise.params.dim", "data.kind", "data.params.set"} <= studio.waiting
    assert in_force("noise.params.dim") == 4
    assert in_force("data.kind") == "pixel-faces"
    for _ in range(3):
        studio.undo_stack.undo()
    assert studio.waiting == set()


def test_a_restart_puts_what_waits_in_force_and_keeps_the_reference(studio, in_force):
    shown = []
    studio.edit("noise.dim", 6)
    studio.edited.connect(lambda path: shown.append((path, studio.reference.noise.params["dim"])))
    studio.restart()
    assert studio.waiting == set()
    assert in_force("noise.params.dim") == 6
    assert shown == [("", 4)]  # resets return to the experiment as it was opened


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("batch_size", 0, "batch_size: must be a whole number of at least 1 and at most 65536 (it is 0)"),
        ("lr", -1.0, "players.generator.optimiser.lr: must be a number more than 0 and at most 10 (it is -1.0)"),
        ("nonsense", 1, "nonsense: there is no such field"),
    ],
)
def test_an_impossible_edit_is_refused_at_once(studio, path, value, sentence, tiny):
    refused = QSignalSpy(studio.refused)
    assert not studio.edit(path, value)
    assert refused.count() == 1
    assert refused.at(0)[0] == path
    assert refused.at(0)[1].startswith(sentence)
    assert studio.experiment == tiny
    assert studio.undo_stack.count() == 0


def test_what_the_session_refuses_is_set_back_without_a_trace(studio, settle):
    refused, batch = QSignalSpy(studio.refused), 60_000
    assert studio.edit("batch_size", batch)  # allowed by the field, but larger than the data
    assert studio.experiment.batch_size == batch
    settle(studio)
    assert studio.experiment.batch_size == 8
    assert refused.at(0)[0] == "batch_size"
    assert "larger than the data set" in refused.at(0)[1]
    assert not studio.undo_stack.canUndo()
    assert not studio.undo_stack.canRedo()


def test_a_refused_kind_returns_with_its_parameters(studio, settle):
    studio.edit("label_smoothing", 0.9)
    studio.edit("objective", "wasserstein")  # has no targets to smooth
    settle(studio)
    assert studio.experiment.objective.kind == "non-saturating"
    assert studio.undo_stack.undoText().startswith("real_target")
    assert differing(studio.session.experiment, studio.experiment) == []


def test_a_later_edit_survives_the_refusal_of_an_earlier_one(studio, settle, tiny):
    studio.edit("batch_size", 60_000)
    studio.edit("ema", 0.5)
    settle(studio)
    assert (studio.experiment.batch_size, studio.experiment.ema) == (8, 0.5)
    studio.undo_stack.undo()
    settle(studio)
    assert differing(studio.experiment, tiny) == []


def test_a_refused_restart_leaves_the_fields_to_be_mended(studio, settle):
    refused = QSignalSpy(studio.refused)
    studio.edit("gradient_penalty", 10)
    studio.edit("players.discriminator.network.norm", "batch")  # couples the batch, which the penalty forbids
    studio.restart()
    settle(studio)
    assert refused.count() == 1
    assert studio.waiting == {"players.discriminator.network.params.norm"}
    studio.edit("gradient_penalty", 0)
    studio.restart()
    settle(studio)
    assert refused.count() == 1
    assert studio.waiting == set()
    assert studio.session.experiment.players["discriminator"].network.params["norm"] == "batch"


def test_a_broken_experiment_is_refused_and_the_open_one_stays(studio, tiny):
    broken = tiny.model_copy(update={"noise": Spec(kind="cauchy")})
    with pytest.raises(StudioError, match="there is no noise called 'cauchy'"):
        studio.open(broken)
    assert studio.experiment == studio.reference == tiny


def test_an_absent_device_is_refused_and_another_waits_for_the_restart(studio):
    import torch

    refused = QSignalSpy(studio.refused)
    if not torch.cuda.is_available():
        assert not studio.use_device("cuda")
        assert refused.at(0) == ["device", "device: no CUDA device is present here; use cpu"]
    assert studio.device == "cpu"
    assert studio.use_device("auto")
    assert studio.waiting == {"device"}
    assert studio.use_device("cpu")
    assert studio.waiting == set()


def test_edits_before_pytorch_is_in_are_kept(qapp, tiny):
    """Nothing here may import torch on the window's thread."""
    waiting = Session(probes=dict, device="cpu")  # never started
    studio = Studio(waiting)
    studio.open(tiny)
    assert studio.edit("batch_size", 16)
    assert studio.experiment.batch_size == 8
    assert not any(isinstance(command, Edit) for command in waiting._valves._commands)
    studio.train()
    assert isinstance(waiting._valves._commands[-1], Train)
    assert not studio.use_device("cpu")


def test_a_rewind_shows_the_experiment_of_then_and_ends_what_could_be_undone(studio, settle, tiny):
    studio.edit("batch_size", 16)
    studio.edit("seed", 5)
    settle(studio)
    edited = QSignalSpy(studio.edited)
    studio.take_event(Event("rewound", 0, "Back.", {"branch": 0, "step": 0, "experiment": tiny, "earlier": []}))
    assert (studio.experiment, studio.waiting, studio.undo_stack.count()) == (tiny, set(), 0)
    assert [edited.at(i)[0] for i in range(edited.count())] == [""]
