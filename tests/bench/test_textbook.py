"""The textbook loop plays the very game that it is compared with."""

import numpy as np
import pytest
import torch

from ganstudio.bench.engine import default_cases
from ganstudio.bench.textbook import Textbook
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset
from ganstudio.training.trainer import Trainer


def small(name):
    experiment = preset(name)
    edits = {"batch_size": 16}
    if name == "mlp-mnist":
        edits |= {"players.discriminator.network.dropout": 0.0}  # its masks come from another generator
    if name == "ring-8":
        edits |= {f"players.{player}.optimiser.decay_updates": 4 for player in experiment.players}
    for path, value in edits.items():
        experiment, _ = change(experiment, path, value)
    return experiment


@pytest.mark.parametrize("name", ["mlp-mnist", "dcgan-mnist", "ring-8"])
def test_the_same_batches_lead_to_the_same_players(name):
    trainer = Trainer(small(name))
    textbook = Textbook(trainer)
    dealt = []
    real, noise = trainer.draw_real, trainer.draw_noise
    trainer.draw_real = lambda: dealt.append(real()) or dealt[-1]
    trainer.draw_noise = lambda: dealt.append(noise()) or dealt[-1]
    for _ in range(3):
        dealt.clear()
        trainer.step()
        batch, z = dealt
        textbook.step(batch.x, z)
    trainer.flush()
    rows = trainer.history.rows()
    names = trainer.history.names
    ours = [(row[names.index("loss.discriminator")], row[names.index("loss.generator")]) for row in rows]
    torch.testing.assert_close(torch.tensor(ours), torch.tensor(textbook.losses), rtol=2e-3, atol=2e-3)
    z = torch.randn(8, trainer.noise.config.dim)
    with torch.no_grad():
        found, expected = trainer.players["generator"].network.eval()(z), textbook.generator.eval()(z)
    torch.testing.assert_close(found, expected, rtol=2e-2, atol=2e-2)


def test_the_textbook_takes_its_own_batches_epoch_after_epoch():
    textbook = Textbook(Trainer(small("mlp-mnist")))
    steps = textbook.steps()
    for _ in range(2):
        next(steps)
    assert len(textbook.losses) == 2
    assert all(type(layer).__module__.startswith("torch.nn") for layer in textbook.generator.modules())
    assert all(
        type(layer).__module__.startswith(("torch.nn", "ganstudio.networks.layers"))
        for layer in textbook.discriminator.modules()
    )


def test_the_textbook_takes_points_drawn_beforehand_or_from_a_file(tmp_path):
    textbook = Textbook(Trainer(small("ring-8")))
    assert textbook.gamma == preset("ring-8").regularisers["r1"]["gamma"] > 0
    next(textbook.steps())
    np.savetxt(tmp_path / "points.csv", np.random.default_rng(0).normal(size=(40, 2)), delimiter=",")
    own = Trainer(change(small("ring-8"), "data.path", str(tmp_path / "points.csv"))[0])
    assert len(Textbook(own).loader.dataset) == 40


def test_every_case_of_the_benchmark_can_be_played():
    for experiment in default_cases().values():
        Textbook.check(experiment)


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("objective", "saturating", "objective.kind"),
        ("k", 2, "players.discriminator.updates"),
        ("game.order", "generator first", "game.order"),
        ("players.discriminator.network.spectral_norm", True, "players.discriminator.network.spectral_norm"),
        ("label_smoothing", 0.9, "regularisers"),
    ],
)
def test_another_algorithm_is_refused(path, value, field):
    experiment, _ = change(preset("dcgan-mnist"), path, value)
    with pytest.raises(StudioError) as error:
        Textbook.check(experiment)
    assert error.value.field == field
