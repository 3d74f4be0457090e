"""Resumed = uninterrupted, bit for bit: whatever is trained, wherever it is cut, also in the middle of a step."""

import json

import numpy as np
import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.registry import registry
from ganstudio.training.state import IN_PROGRESS, State
from ganstudio.training.trainer import Trainer

Edits = tuple[tuple[str, object], ...]
D, G = "players.discriminator", "players.generator"
NORM = ("players.discriminator.network.norm", "none")

POINTS: dict[str, Edits] = {
    "gan": (),
    "k of D = 3": (("k", 3),),
    "k of G = 2": ((f"{G}.updates", 2),),
    "k of D = 0": (("k", 0),),
    "k of G = 0": ((f"{G}.updates", 0),),
    "G first": (("order", "generator first"), ("k", 2)),
    "simultaneous": (("order", "simultaneous"),),
    "gradient penalty": (("gradient_penalty", 10.0), ("objective", "wasserstein"), ("k", 2)),
    "r1": (("r1", 1.0),),
    "weight clipping": (("weight_clipping", 0.1), ("objective", "wasserstein")),
    "label smoothing": (("label_smoothing", 0.9),),
    "instance noise that falls": (("instance_noise", 0.3), ("regularisers.instance-noise.decay_steps", 4)),
    "dropout": ((f"{D}.network.dropout", 0.5),),
    "batch norm": ((f"{G}.network.norm", "batch"), ("ema", 0.0)),
    "rates that fall": (("players.*.optimiser.decay_updates", 4),),
    "momentum that rises": (
        ("players.*.optimiser.kind", "sgd"),
        ("players.*.optimiser.momentum", 0.1),
        ("players.*.optimiser.final_momentum", 0.9),
        ("players.*.optimiser.momentum_updates", 4),
        ("players.*.optimiser.lr_divisor", 1.5),
    ),
    "momentum of RMSprop": (("players.*.optimiser.kind", "rmsprop"), ("players.*.optimiser.momentum", 0.5)),
    "clipped gradients": (("players.discriminator.gradient_clip", 0.1),),
    "uniform noise": (("noise", "uniform"),),
    "bf16": (("precision", "bf16"),),
}
IMAGES: dict[str, Edits] = {
    "batch norm": (),
    "spectral norm": (NORM, (f"{D}.network.spectral_norm", True), ("objective", "hinge")),
    "augmented": (("flip", 0.5), ("augmentation.shift.pixels", 2), ("regularisers.diff-augment.translation", 0.1)),
}


def case(edits: Edits, preset: str) -> Experiment:
    """A preset with the narrowest networks."""
    experiment = files.preset(preset)
    images = preset != "ring-8"
    narrow = ("players.*.network.width", 2) if images else ("players.*.network.hidden", [8])
    data = [("data", "pixel-faces")] if images else [("r1", 0.0)]
    for path, value in (*data, ("batch_size", 4), narrow, *edits):
        experiment, _ = change(experiment, path, value)
    return experiment


def cases() -> list:
    found = [pytest.param("ring-8", edits, id=f"points, {name}") for name, edits in POINTS.items()]
    found += [pytest.param("dcgan-mnist", edits, id=f"images, {name}") for name, edits in IMAGES.items()]
    for room, path in (("objective", "objective"), ("optimiser", "players.*.optimiser.kind")):
        found += [pytest.param("ring-8", ((path, kind),), id=f"{room} {kind}") for kind in registry.kinds(room)]
    return found


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def through_json(state: State) -> State:
    """As a file would bring it back: no kinds of optimisers, plain numbers."""
    return State(state.tensors, json.loads(json.dumps(state.numbers)))


def resumed(trainer: Trainer) -> Trainer:
    """A fresh trainer that goes on where this one stands."""
    again = Trainer(trainer.experiment)
    again.load(through_json(trainer.state()))
    return again


def assert_same(one: Trainer, other: Trainer) -> None:
    one.flush()
    other.flush()
    assert one.weights_sha256() == other.weights_sha256()
    mine, theirs = one.state(), other.state()
    assert mine.numbers == theirs.numbers
    assert mine.tensors.keys() == theirs.tensors.keys()
    assert all(torch.equal(tensor, theirs.tensors[name]) for name, tensor in mine.tensors.items())
    rows = min(len(one.history), len(other.history))
    assert rows
    assert np.array_equal(one.history.rows()[-rows:], other.history.rows()[-rows:], equal_nan=True)


@pytest.mark.parametrize(("preset", "edits"), cases())
def test_resumed_equals_uninterrupted(preset, edits):
    """Cut between two steps and after the first part of one, by copies that go on beside the run that is cut."""
    through = Trainer(case(edits, preset))
    through.step()
    through.step()
    between = resumed(through)
    through.play_next()
    inside = resumed(through)
    assert inside.next_part == through.next_part
    assert inside.between_steps == through.between_steps
    assert inside.weights_sha256() == through.weights_sha256()
    trainers = [through, between, inside]
    for one in trainers:
        while one.steps < 4:
            one.step()
    for one in trainers[1:]:
        assert_same(through, one)


@pytest.mark.parametrize(
    "edits",
    [
        [("lr", 0.01)],
        [("k", 2), (f"{G}.updates", 2)],
        [("objective", "wasserstein"), ("gradient_penalty", 1.0)],
        [("order", "generator first")],
        [("players.*.optimiser.kind", "sgd"), ("players.*.optimiser.kind", "adam")],
        [("batch_size", 6), ("ema", 0.5)],
    ],
    ids=str,
)
def test_edits_in_the_middle_of_a_step_are_part_of_its_state(edits):
    through = Trainer(case((), "ring-8"))
    through.step()
    through.play_next()
    for path, value in edits:
        through.edit(path, value)
    inside = resumed(through)
    assert inside.experiment == through.experiment
    twice = resumed(inside)
    for one in (through, inside, twice):
        while one.steps < 3:
            one.step()
    assert_same(through, inside)
    assert_same(through, twice)


def test_going_back_into_the_middle_of_a_step_and_on_equals_uninterrupted():
    through = Trainer(case((), "ring-8"))
    through.play_next()
    through.edit("lr", 0.01)
    kept = through.state()
    through.step()
    through.step()
    expected = through.weights_sha256()
    for _ in range(2):
        through.load(kept)
        assert not through.between_steps
        through.step()
        through.step()
        assert through.weights_sha256() == expected


def test_an_edit_that_comes_after_a_state_stays_in_force_behind_it():
    trainer = Trainer(case((), "ring-8"))
    trainer.play_next()
    kept = trainer.state()
    trainer.edit("lr", 0.01)
    trainer.load(kept)
    assert trainer.experiment.players["generator"].optimiser.params["lr"] == 0.01
    again = resumed(trainer)
    trainer.step()
    again.step()
    assert_same(trainer, again)


@pytest.mark.parametrize("path", ["checkpoints.every_seconds", "steps"])
def test_an_edit_that_no_step_depends_on_changes_nothing_of_a_step_in_progress(path):
    plain, edited = Trainer(case((), "ring-8")), Trainer(case((), "ring-8"))
    plain.play_next()
    edited.play_next()
    edited.edit(path, 7)
    plain.step()
    edited.step()
    assert_same(plain, edited)


def test_a_player_that_begins_to_move_in_the_middle_of_a_step_is_no_failure():
    trainer = Trainer(case(((f"{D}.updates", 0),), "ring-8"))
    trainer.play_next()
    trainer.edit("k", 1)
    trainer.step()
    assert trainer.flush()


def test_a_step_at_full_speed_copies_nothing(monkeypatch):
    trainer = Trainer(case((), "ring-8"))
    monkeypatch.setattr(Trainer, "state", lambda self: pytest.fail("a copy"))
    trainer.step()


@pytest.mark.parametrize(
    ("damaged", "said"),
    [
        (None, "damaged"),
        ({"journal": ["play"]}, "damaged"),
        ({"journal": "play", "experiment": {}}, "damaged"),
        ({"journal": ["stop"], "experiment": None}, "damaged"),
        ({"journal": ["play", 5], "experiment": None}, "damaged"),
        ({"journal": ["play", "play"], "experiment": None}, "complete"),
        ({"journal": ["play"] * 5, "experiment": None}, "complete"),
        ({"journal": [], "experiment": {"title": "no players"}}, "missing"),
        ({"journal": [], "experiment": ("objective", "no-such")}, "no-such"),
        ({"journal": [], "experiment": ("seed", 5)}, "restart"),
        ({"journal": [], "experiment": ("batch_size", 60000)}, "batch"),
    ],
)
def test_a_damaged_step_in_progress_is_refused(damaged, said):
    trainer = Trainer(case((), "dcgan-mnist"))
    good = trainer.state()
    mine = trainer.experiment.model_dump()
    if damaged is not None:
        wanted = damaged.get("experiment")
        if wanted is None and "experiment" in damaged:
            damaged = damaged | {"experiment": mine}
        elif isinstance(wanted, tuple):
            name, value = wanted
            damaged = damaged | {"experiment": mine | {name: {"kind": value} if name == "objective" else value}}
    with pytest.raises(StudioError, match=said):
        trainer.load(State(good.tensors, good.numbers | {IN_PROGRESS: damaged}))
    trainer.load(good)
    trainer.step()
