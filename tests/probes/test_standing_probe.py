"""What a side of a duel has to show: the diversity of its samples, and of points how near they are to the data."""

import json
from math import isnan, log

import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.probes import standing
from ganstudio.probes.all import all_probes
from ganstudio.training.duel import Duel
from ganstudio.training.trainer import Trainer


@pytest.fixture
def ring():
    experiment = files.preset("ring-8")
    for path, value in [("batch_size", 32), ("players.*.network.params.hidden", [16])]:
        experiment, _ = change(experiment, path, value)
    return Trainer(experiment, name="left")


class Painter(torch.nn.Module):
    """A G that makes real samples."""

    def __init__(self, samples: torch.Tensor):
        super().__init__()
        self.register_buffer("samples", samples.contiguous())

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return self.samples[: len(z)]


def look(trainer: Trainer, network: torch.nn.Module | None = None) -> standing.StandingFrame:
    if network is not None:
        trainer.players["generator"].network = network
    return standing.StandingProbe().frame(trainer)


def test_samples_of_the_data_are_as_diverse_as_the_data_and_cover_its_modes(ring):
    points = ring.data.density.sample(5000, torch.Generator().manual_seed(0))
    found = look(ring, Painter(points))
    assert (found.trainer, found.step, found.probability) == ("left", 0, True)
    assert found.standing.diversity == pytest.approx(1, abs=0.15)
    assert (found.standing.covered, found.standing.modes) == (8, 8)
    assert 0 <= found.standing.js < 0.05


def test_one_point_alone_is_not_diverse_and_covers_one_mode(ring):
    mode = ring.data.density.sample(1, torch.Generator().manual_seed(0)).expand(5000, 2)
    found = look(ring, Painter(mode)).standing
    assert found.diversity == pytest.approx(0, abs=1e-6)
    assert (found.covered, found.modes) == (1, 8)
    assert 0.5 < found.js <= log(2) + 1e-9


def test_images_have_a_diversity_and_no_modes(make_trainer):
    trainer = make_trainer()
    images = trainer.data.batch(torch.arange(64)).x
    assert look(make_trainer()).standing.diversity > 0
    found = look(trainer, Painter(images)).standing
    assert found.diversity == pytest.approx(1, abs=0.15)
    assert isnan(found.js)
    assert found.modes == 0


def test_what_is_no_number_has_no_diversity(ring):
    assert isnan(look(ring, Painter(torch.full((5000, 2), torch.nan))).standing.diversity)


def test_a_critic_is_told_from_a_probability(make_trainer):
    assert not look(make_trainer(("objective", "wasserstein"))).probability


def test_a_duel_is_judged_in_plain_data(ring):
    duel = Duel(ring, "players.generator.optimiser.params.lr", 1e-3, 0.1)
    for _ in range(60):
        duel.step()
    duel.flush()
    found = json.loads(json.dumps(standing.judge(duel), allow_nan=False))
    assert found["steps"] == 30
    rows = {row["label"]: row for row in found["rows"]}
    assert rows["Modes of 8"]["form"] == "count"
    assert rows["Steps"]["left"] == rows["Steps"]["right"] == 30
    assert 0 <= rows["JSD"]["left"] <= log(2) + 1e-9
    assert found["sentence"]


def test_a_duel_watched_by_every_probe_ends_as_one_that_is_left_alone(ring):
    watched, alone = (Duel(ring, "objective", "saturating", "non-saturating") for _ in range(2))
    probes = [(side, probe()) for side in watched.sides.values() for probe in all_probes().values()]
    for duel in (watched, alone):
        for _ in range(4):
            duel.step()
            for side, probe in probes if duel is watched else ():
                probe.frame(side.trainer)
    standing.judge(watched)
    for name, side in watched.sides.items():
        assert side.trainer.weights_sha256() == alone.sides[name].trainer.weights_sha256()
