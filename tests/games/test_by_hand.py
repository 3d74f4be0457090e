"""A game on points that is differentiated by hand is the game that autograd plays."""

import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment
from ganstudio.experiment.registry import registry
from ganstudio.games import by_hand
from ganstudio.training.trainer import Trainer

registry.load()
OBJECTIVES = sorted(registry.kinds("objective"))
STEPS = 12


def game(*edits: tuple[str, object]) -> Experiment:
    """The ring with plain descent: Adam would make much of gradients that differ in their last bits."""
    experiment = files.preset("ring-8")
    descent = [(f"players.{name}.optimiser", "sgd") for name in ("generator", "discriminator")]
    for path, value in [*descent, ("lr", 0.05), ("batch_size", 32), ("r1", 0.0), *edits]:
        experiment, _ = change(experiment, path, value)
    return experiment


def both_ways(monkeypatch, experiment: Experiment) -> list[Trainer]:
    """The same steps by hand and by autograd."""
    found = []
    for plays in (by_hand.plays, lambda table: False):
        monkeypatch.setattr(by_hand, "plays", plays)
        trainer = Trainer(experiment)
        for _ in range(STEPS):
            trainer.step()
        assert trainer.flush()
        found.append(trainer)
    return found


def agree(one: Trainer, other: Trainer) -> bool:
    weights = other.weights()
    same = all(torch.allclose(weight, weights[name], atol=1e-5) for name, weight in one.weights().items())
    rows = (torch.from_numpy(trainer.history.rows()[-1]) for trainer in (one, other))
    return same and torch.allclose(*rows, atol=1e-4, equal_nan=True)


@pytest.mark.parametrize("r1", [0.0, 0.3])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_every_objective(monkeypatch, objective, r1):
    experiment = game(("objective", objective), ("r1", r1))
    assert by_hand.plays(Trainer(experiment)._table)
    assert agree(*both_ways(monkeypatch, experiment))


@pytest.mark.parametrize(
    "edits",
    [
        (("order", "generator first"),),
        (("k", 3),),
        (("players.generator.updates", 2),),
        (("players.generator.updates", 0),),
        (("label_smoothing", 0.9), ("r1", 0.1)),
        (("weight_clipping", 0.05),),
        (("players.*.network.activation", "leaky-relu"), ("r1", 0.5)),
        (("players.*.network.hidden", [9]), ("r1", 0.5)),
        (("players.*.gradient_clip", 0.1),),
        (("data.kind", "normal"),),
        (("players.*.network.activation", "tanh"), ("r1", 0.0)),
        (("players.generator.network.norm", "batch"), ("k", 2)),
        (("players.*.network.dropout", 0.2), ("order", "generator first")),
    ],
    ids=str,
)
def test_every_way_to_play(monkeypatch, edits):
    assert agree(*both_ways(monkeypatch, game(*edits)))


@pytest.mark.parametrize("objective", ["non-saturating", "relativistic-average"])
def test_images(monkeypatch, objective):
    experiment = files.preset("mlp-mnist")
    small = [("players.generator.network.hidden", [16, 12]), ("players.discriminator.network.hidden", [14])]
    descent = [(f"players.{name}.optimiser", "sgd") for name in ("generator", "discriminator")]
    for path, value in [*small, *descent, ("lr", 0.05), ("batch_size", 16), ("objective", objective)]:
        experiment, _ = change(experiment, path, value)
    assert by_hand.plays(Trainer(experiment)._table)
    assert agree(*both_ways(monkeypatch, experiment))


@pytest.mark.parametrize("preset", ["gan-lab-line", "gan-lab-ring"])
def test_points_through_tanh_and_several_updates_of_d(monkeypatch, preset):
    experiment, _ = change(files.preset(preset), "batch_size", 32)
    assert by_hand.plays(Trainer(experiment)._table)
    assert agree(*both_ways(monkeypatch, experiment))


@pytest.mark.parametrize(
    "edits",
    [
        (("instance_noise", 0.1),),
        (("gradient_penalty", 1.0),),
        (("players.generator.network.activation", "maxout"),),
        (("players.discriminator.network.norm", "batch"),),
        (("players.discriminator.network.dropout", 0.1), ("r1", 0.1)),
        (("precision", "bf16"),),
    ],
    ids=str,
)
def test_what_autograd_plays(edits):
    assert not by_hand.plays(Trainer(game(*edits))._table)


def test_an_edit_changes_the_way_in_mid_run():
    trainer = Trainer(game())
    for value in (0.1, 0.0, 0.1):
        trainer.step()
        trainer.play_until("discriminator")  # G's samples of this part are not the other way's
        trainer.edit("instance_noise", value)
        trainer.step()
    assert trainer.flush()


@pytest.mark.parametrize("optimiser", ["adam", "rmsprop", "sgd"])
def test_a_gradient_counts_for_its_weight_however_it_lies_in_memory(optimiser):
    def moved(turned: bool) -> dict[str, torch.Tensor]:
        trainer = Trainer(game(("players.*.optimiser", optimiser)))
        player = trainer.players["generator"]
        draws = torch.Generator().manual_seed(0)
        for _ in range(3):
            gradients = [torch.randn(weight.shape, generator=draws) for weight in player.parameters]
            player.move([one.t().contiguous().t() if turned and one.ndim == 2 else one for one in gradients])
        return trainer.weights()

    straight, turned = moved(False), moved(True)
    assert all(torch.equal(weight, turned[name]) for name, weight in straight.items())
