"""The trainer: reproducible, restorable, and following edits at the right step."""

import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.training import build
from ganstudio.training.trainer import Trainer


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def small(*edits: tuple[str, object], preset: str = "dcgan-mnist") -> Experiment:
    """A preset made quick: narrow networks, small batches."""
    experiment = files.preset(preset)
    kind = experiment.players["generator"].network.kind
    shrink = {"dcgan-generator": [("width", 4)], "mlp-generator": [("hidden", [16])]}.get(kind, [("width", 8)])
    values = [("batch_size", 16), *((f"players.*.network.params.{name}", value) for name, value in shrink), *edits]
    for path, value in values:
        experiment, _ = change(experiment, path, value)
    return experiment


def trained(experiment: Experiment, steps: int) -> Trainer:
    trainer = Trainer(experiment)
    for _ in range(steps):
        trainer.step()
    trainer.flush()
    return trainer


def test_same_seed_same_weights():
    assert trained(small(), 3).weights_sha256() == trained(small(), 3).weights_sha256()


def test_another_seed_other_weights():
    assert trained(small(), 1).weights_sha256() != trained(small(("seed", 2)), 1).weights_sha256()


def test_building_leaves_the_process_wide_generator_alone():
    before = torch.get_rng_state()
    trained(small(), 2)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize(
    "edits",
    [
        (),
        (("k", 2),),
        (("order", "generator first"),),
        (("order", "simultaneous"),),
        (("players.*.optimiser.kind", "rmsprop"),),
        (("players.*.optimiser.kind", "sgd"),),
        (("instance_noise", 0.2),),
    ],
    ids=str,
)
def test_restored_equals_uninterrupted(edits):
    through = trained(small(*edits), 6)
    first = trained(small(*edits), 3)
    state = first.state()
    again = Trainer(first.experiment)
    again.load(state)
    for _ in range(3):
        again.step()
    assert again.weights_sha256() == through.weights_sha256()


def test_a_state_is_a_copy():
    trainer = trained(small(), 1)
    state = trainer.state()
    kept = {name: tensor.clone() for name, tensor in state.tensors.items()}
    trainer.step()
    assert all(torch.equal(kept[name], tensor) for name, tensor in state.tensors.items())


def test_dropout_draws_from_the_run():
    experiment = small(("players.discriminator.network.params.dropout", 0.5), preset="mlp-mnist")
    through = trained(experiment, 4)
    torch.manual_seed(99)  # somebody else draws from the process-wide generator
    assert trained(experiment, 4).weights_sha256() == through.weights_sha256()


def test_stepping_players_by_hand_equals_the_loop():
    by_hand = Trainer(small())
    for _ in range(3):
        assert by_hand.next_part == "discriminator"
        by_hand.play_next()
        assert by_hand.next_part == "generator"
        by_hand.play_next()
    assert by_hand.steps == 3
    assert by_hand.weights_sha256() == trained(small(), 3).weights_sha256()


def test_an_edit_equals_an_experiment_that_changes_there():
    edited = trained(small(), 2)
    edited.edit("objective", "saturating")
    edited.step()
    other = trained(small(), 2)
    state = other.state()
    fresh = Trainer(small(("objective", "saturating")))
    fresh.load(state)
    fresh.step()
    assert edited.weights_sha256() == fresh.weights_sha256()


def test_live_edits_of_every_kind_keep_training():
    trainer = trained(small(("players.discriminator.network.params.norm", "none")), 1)
    for path, value in [
        ("lr", 1e-4),
        ("beta1", 0.0),
        ("k", 2),
        ("batch_size", 8),
        ("label_smoothing", 0.9),
        ("r1", 1.0),
        ("gradient_penalty", 1.0),
        ("instance_noise", 0.1),
        ("weight_clipping", 0.5),
        ("ema", 0.9),
        ("noise", "uniform"),
        ("flip", 0.5),
        ("players.generator.gradient_clip", 1.0),
        ("players.generator.optimiser.kind", "sgd"),
        ("order", "generator first"),
        ("objective", "relativistic-average"),
    ]:
        changes = trainer.edit(path, value)
        assert all(one.live for one in changes), path
        trainer.step()
    assert trainer.flush()
    assert trainer.finite()


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("lr", -1, "more than 0"),
        ("players.generator.network.width", 8, "restart"),
        ("data", "pixel-faces", "restart"),
        ("batch_size", 10**6, "batch_size"),
        ("batch_size", 1, "batch norm"),
        ("r1", 1.0, "norm"),
        ("objective", "no-such", "non-saturating"),
        ("no.such.field", 1, "no such field"),
    ],
)
def test_a_refused_edit_changes_nothing(path, value, named):
    trainer = trained(small(), 1)
    before = trainer.experiment
    with pytest.raises(StudioError, match=named):
        trainer.edit(path, value)
    assert trainer.experiment == before
    trainer.step()
    assert trainer.weights_sha256() == trained(small(), 2).weights_sha256()


@pytest.mark.parametrize("kind", ["sgd", "rmsprop"])
def test_momentum_may_be_raised_from_nothing(kind):
    trainer = trained(small(("players.*.optimiser.kind", kind), ("players.*.optimiser.momentum", 0.0)), 2)
    before = trainer.state()
    trainer.edit("players.*.optimiser.momentum", 0.5)
    trainer.step()
    raised = trainer.weights_sha256()
    trainer.load(before)
    rules = [(player.rule, player.optimiser, player.parameters) for player in trainer.players.values()]
    assert all(rule.directions(*rest) is None or rule.directions(*rest) for rule, *rest in rules)
    trainer.step()
    assert trainer.weights_sha256() == raised


@pytest.mark.parametrize(("earlier", "later"), [("adam", "rmsprop"), ("rmsprop", "adam"), ("adam", "sgd")])
def test_going_back_behind_another_optimiser_starts_it_with_empty_moments(earlier, later):
    trainer = trained(small(("players.*.optimiser.kind", earlier)), 2)
    before = trainer.state()
    trainer.edit("players.*.optimiser.kind", later)
    trainer.step()
    expected = trainer.weights_sha256()
    trainer.load(before)
    trainer.step()
    assert trainer.weights_sha256() == expected


def test_a_player_that_begins_to_move_has_lost_no_number():
    trainer = trained(small(("players.generator.updates", 0)), 1)
    trainer.step()
    trainer.edit("players.generator.updates", 1)
    trainer.step()
    assert trainer.flush()


def test_what_is_not_finite_is_seen_even_behind_an_edit():
    trainer = trained(small(), 1)
    with torch.no_grad():
        trainer.players["generator"].parameters[0].fill_(float("nan"))
    good = trained(small(), 1).state()
    trainer.step()
    trainer.edit("lr", 1e-4)
    assert not trainer.flush()
    trainer.load(good)
    trainer.step()
    assert trainer.flush()


def test_every_step_is_in_the_history():
    trainer = trained(small(), 7)
    assert len(trainer.history) == 7
    rows = trainer.history.rows()
    for name in ("loss.discriminator", "loss.generator", "value", "score.real", "gradient.generator"):
        assert torch.isfinite(torch.from_numpy(rows[:, trainer.history.names.index(name)])).all()


def test_a_step_that_is_not_finite_is_seen():
    trainer = trained(small(), 1)
    with torch.no_grad():
        trainer.players["generator"].parameters[0].fill_(float("nan"))
    trainer.step()
    assert not trainer.flush()
    assert not trainer.finite()


def test_the_average_follows_slowly_and_the_live_network_at_zero():
    still, live = trained(small(("ema", 0.99)), 3), trained(small(("ema", 0.0)), 3)
    weights = live.weights()
    for name, tensor in weights.items():
        if name.startswith("generator."):
            assert torch.allclose(weights[name.replace("generator.", "generator_ema.", 1)], tensor, atol=1e-6), name
    weights = still.weights()
    different = [
        name
        for name, tensor in weights.items()
        if name.startswith("generator.") and name.endswith("weight")
        if not torch.equal(weights[name.replace("generator.", "generator_ema.", 1)], tensor)
    ]
    assert different


def test_weights_of_another_experiment_are_refused():
    trainer = Trainer(small())
    with pytest.raises(StudioError, match="another experiment"):
        trainer.load_weights(Trainer(small(("players.*.network.params.width", 6))).weights())
    with pytest.raises(StudioError, match="another experiment"):
        trainer.load_weights({})


def test_on_cuda_every_kernel_gives_the_same_bits_each_time(monkeypatch):
    monkeypatch.setattr(torch.backends.cudnn, "deterministic", False)
    build.settle_kernels(torch.device("cpu"))
    assert not torch.backends.cudnn.deterministic
    build.settle_kernels(torch.device("cuda"))
    assert torch.backends.cudnn.deterministic


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_everything_lies_on_the_cuda_device():
    trainer = Trainer(small(), "cuda")
    trainer.step()
    assert trainer.flush()
    for player in trainer.players.values():
        assert all(parameter.device.type == "cuda" for parameter in player.parameters)
    assert trainer.draw_real().x.device.type == "cuda"
    assert trainer.draw_noise().device.type == "cuda"
