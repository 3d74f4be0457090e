"""The players probe: true facts about the layers, true sizes of the updates, and no trace of having looked."""

import numpy as np
import pytest
import torch
from torch import nn

from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.files import preset
from ganstudio.networks.network import parameter_count
from ganstudio.probes.all import all_probes
from ganstudio.probes.layers import layers, leaves, meta_copy
from ganstudio.probes.players import PlayersFrame, PlayersProbe
from ganstudio.training.trainer import Trainer

BASE = {
    "batch_size": 8,
    "data": "pixel-faces",
    "noise.dim": 6,
    "players.generator.network": "mlp-generator",
    "players.discriminator.network": "mlp-discriminator",
    "players.*.network.hidden": [12, 10],
    "players.generator.network.norm": "batch",
    "players.discriminator.network.dropout": 0.3,
}


def experiment(**edits) -> Experiment:
    found = preset("dcgan-mnist")
    for path, value in {**BASE, **edits}.items():
        found, _ = change(found, path, value)
    return found


def dcgan(**edits) -> Experiment:
    kinds = {f"players.{role}.network": f"dcgan-{role}" for role in ("generator", "discriminator")}
    found = preset("dcgan-mnist")
    narrow = {"players.*.network.width": 4, "players.*.network.hidden": 0}
    for path, value in {**kinds, "batch_size": 4, **narrow, **edits}.items():
        found, _ = change(found, path, value)
    return found


def trained(found: Experiment, steps: int) -> Trainer:
    trainer = Trainer(found)
    for _ in range(steps):
        trainer.step()
    return trainer


def frame(trainer: Trainer) -> PlayersFrame:
    return PlayersProbe().frame(trainer)


def test_it_is_found_by_name():
    assert all_probes()["players"] is PlayersProbe


@pytest.mark.parametrize("found", [experiment(), dcgan(**{"players.discriminator.network.spectral_norm": True})])
def test_watching_changes_nothing(found):
    alone = trained(found, 4)
    watched, probe = Trainer(found), PlayersProbe()
    before = torch.random.get_rng_state()
    for _ in range(4):
        probe.frame(watched)
        watched.step()
    probe.frame(watched)
    assert watched.weights_sha256() == alone.weights_sha256()
    assert torch.equal(torch.random.get_rng_state(), before)
    for name, generator in watched.generators.items():
        assert torch.equal(generator.get_state(), alone.generators[name].get_state())
    for name, player in watched.players.items():
        assert player.network.training
        for mine, theirs in zip(player.parameters, alone.players[name].parameters, strict=True):
            assert torch.equal(mine.grad, theirs.grad)


@pytest.mark.parametrize(
    "found",
    [
        experiment(),
        dcgan(),
        dcgan(**{"players.discriminator.network.spectral_norm": True}),
        preset("goodfellow-2014-mnist"),
    ],
)
def test_every_weight_stands_in_one_row(found):
    trainer = Trainer(found)
    for table in frame(trainer).tables:
        player = trainer.players[table.player]
        assert table.weights == parameter_count(player.network)
        rows = sorted(index for layer in table.layers for index in layer.parameters)
        assert rows == list(range(len(player.parameters)))
        assert all(layer.shape is not None for layer in table.layers)


def test_shapes_and_types_are_those_of_the_network():
    generator, discriminator = frame(Trainer(dcgan())).tables
    types = [layer.type for layer in generator.layers]
    assert types == ["Linear", *["BatchNorm2d", "ReLU", "ConvTranspose2d"] * 2, "Tanh"]
    assert [layer.shape for layer in generator.layers][-1] == (1, 28, 28)
    assert [layer.shape for layer in generator.layers][3] == (4, 14, 14)
    assert "kernel_size=(4, 4)" in generator.layers[3].details
    assert discriminator.layers[0].shape == (4, 14, 14)
    assert discriminator.layers[-1].weights == 8 * 7 * 7 + 1


def test_a_frame_carries_the_same_table_object_again():
    trainer, probe = Trainer(experiment()), PlayersProbe()
    assert probe.frame(trainer).tables is probe.frame(trainer).tables


def test_there_is_nothing_to_judge_before_the_first_update():
    for gradients in frame(Trainer(experiment())).gradients:
        assert np.isnan(gradients.norms).all()
        assert np.isnan(gradients.updates).all()
        assert set(gradients.health) == {""}
        assert gradients.count == 0


def test_layers_without_weights_have_no_gradient():
    found = frame(trained(experiment(), 2))
    for table, gradients in zip(found.tables, found.gradients, strict=True):
        bare = np.array([layer.weights == 0 for layer in table.layers])
        assert np.array_equal(np.isnan(gradients.norms), bare)
        assert np.array_equal([health == "" for health in gradients.health], bare)
        assert gradients.count == 2


def test_norms_are_those_of_the_last_gradient():
    trainer = trained(experiment(), 2)
    found = frame(trainer)
    for table, gradients in zip(found.tables, found.gradients, strict=True):
        total = np.sqrt(np.nansum(gradients.norms**2))
        assert total == pytest.approx(float(trainer.players[table.player].gradient_norm), rel=1e-5)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("adam", {}),
        ("adam", {"beta1": 0.0, "beta2": 0.9}),
        ("rmsprop", {}),
        ("rmsprop", {"momentum": 0.5}),
        ("sgd", {"lr_divisor": 1.1}),
        ("sgd", {"momentum": 0.0, "final_momentum": 0.0}),
    ],
)
def test_updates_are_as_large_as_the_weights_moved(kind, settings):
    edits = {"players.*.optimiser": kind, "lr": 0.01, **{f"players.*.optimiser.{k}": v for k, v in settings.items()}}
    trainer = trained(experiment(**edits), 3)
    before = {name: [p.detach().clone() for p in player.parameters] for name, player in trainer.players.items()}
    trainer.step()
    found = frame(trainer)
    for table, gradients in zip(found.tables, found.gradients, strict=True):
        after = trainer.players[table.player].parameters
        for layer, update in zip(table.layers, gradients.updates, strict=True):
            if not layer.parameters:
                continue
            moved = [(after[i].detach() - before[table.player][i]).double() for i in layer.parameters]
            size = torch.cat([after[i].detach().double().flatten() for i in layer.parameters]).norm()
            expected = torch.cat([one.flatten() for one in moved]).norm() / size
            assert update == pytest.approx(float(expected), rel=2e-3), layer


def test_another_optimiser_has_no_update_until_its_first():
    trainer = trained(experiment(), 2)
    trainer.edit("players.generator.optimiser", "sgd")
    generator, discriminator = frame(trainer).gradients
    assert set(generator.health) == {""}
    assert "healthy" in discriminator.health
    trainer.step()
    assert "healthy" in frame(trainer).gradients[0].health


def test_a_gradient_that_does_not_arrive_vanishes():
    trainer = trained(experiment(), 1)
    with torch.no_grad():
        trainer.players["discriminator"].parameters[-2].zero_()  # the logit then depends on its bias alone
    trainer.edit("lr", 1e-6)
    trainer.step()
    table, gradients = frame(trainer).tables[1], frame(trainer).gradients[1]
    health = [health for layer, health in zip(table.layers, gradients.health, strict=True) if layer.weights]
    assert health == ["vanishing", "vanishing", "healthy"]


def test_a_rate_that_is_far_too_high_explodes():
    found = frame(trained(experiment(lr=5.0), 2))
    assert "exploding" in found.gradients[0].health


def test_gradients_that_are_not_finite_explode():
    trainer = trained(experiment(), 1)
    trainer.players["generator"].parameters[0].grad.fill_(float("nan"))
    assert frame(trainer).gradients[0].health[0] == "exploding"


def test_frames_are_plain_data_of_their_own():
    trainer = trained(experiment(), 1)
    first = frame(trainer)
    norms = first.gradients[0].norms.copy()
    trainer.step()
    assert np.array_equal(first.gradients[0].norms, norms, equal_nan=True)
    assert (first.step, first.trainer) == (1, "main")


class Awkward(nn.Module):
    """Needs numbers, which the meta device has not; its own weight stands beside a module inside."""

    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(3))
        self.inner = nn.Linear(3, 2)

    def forward(self, x):
        return self.inner(x * self.scale) if bool(x.sum() > 0) else self.inner(x)


def test_a_network_that_cannot_pass_without_numbers_has_no_shapes():
    found = layers(Awkward(), (3,))
    assert [(layer.name, layer.type, layer.shape, layer.weights) for layer in found] == [
        ("", "Awkward", None, 3),
        ("inner", "Linear", None, 8),
    ]


def test_a_meta_copy_shares_and_copies_no_number():
    network = Awkward()
    ghost = meta_copy(network)
    assert all(tensor.is_meta for tensor in (*ghost.parameters(), *ghost.buffers()))
    assert not any(parameter.is_meta for parameter in network.parameters())
    assert [name for name, _ in leaves(ghost)] == [name for name, _ in leaves(network)]


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_it_reads_players_on_the_gpu():
    found = dcgan(**{"players.discriminator.network.spectral_norm": True})
    watched, alone, probe = Trainer(found, "cuda"), Trainer(found, "cuda"), PlayersProbe()
    for _ in range(3):
        probe.frame(watched)
        watched.step()
        alone.step()
    for gradients in probe.frame(watched).gradients:
        assert "healthy" in gradients.health
    for mine, theirs in zip(watched.weights().values(), alone.weights().values(), strict=True):
        assert torch.allclose(mine, theirs, rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("kind", ["adam", "rmsprop", "sgd"])
def test_a_run_that_was_opened_has_no_last_gradient_to_judge(kind):
    found = experiment(**{"players.*.optimiser.kind": kind, "players.*.optimiser.lr": 1e-3})
    opened = Trainer(found)
    opened.load(trained(found, 1).state())
    for gradients in frame(opened).gradients:
        assert np.isnan(gradients.norms).all()
        assert gradients.count == 1
