"""What the captions of the shipped scenes say is so: played on the real trainer, as far as a test has time for."""

from collections.abc import Iterable

import numpy as np
import pytest
import torch

from ganstudio.experiment import scenes
from ganstudio.metrics.divergence import divergences
from ganstudio.metrics.modes import ModeScore, judge
from ganstudio.training.trainer import Trainer

SEEDS = (1, 2, 3, 4, 5)


class Play:
    """A scene's trainer, edited as the scene says, with eyes of its own."""

    def __init__(self, name: str, seed: int | None = None):
        torch.set_num_threads(1)
        scene, _ = scenes.find(name)
        if seed is not None:
            scene = scene.model_copy(update={"seed": seed})
        self.scene, self.trainer = scene, Trainer(scene.experiment())
        self.density = self.trainer.data.density
        self._edits = scene.edits()
        self._z = self.trainer.noise.draw(2500, torch.Generator().manual_seed(99))

    def to(self, step: int) -> "Play":
        """Play on to a step, whose own edits wait for the next."""
        while self.trainer.steps < step:
            while self._edits and self._edits[0][0] <= self.trainer.steps:
                _, path, value = self._edits.pop(0)
                self.trainer.edit(path, value)
            self.trainer.step()
        return self

    @torch.no_grad()
    def points(self) -> np.ndarray:
        """(2500, dim) of G as it is."""
        return self.trainer.players["generator"].network(self._z).numpy()

    @torch.no_grad()
    def probability(self, x: float) -> float:
        """D(x) on the number line."""
        return float(torch.sigmoid(self.trainer.players["discriminator"].network(torch.tensor([[x]]))))

    def score(self) -> ModeScore:
        return judge(self.density, self.points())

    def jsd(self) -> float:
        """Of G as it is and the data, in nats."""
        points, cells = self.points()[:, 0], np.linspace(-2, 4, 61)
        q = np.histogram(points, cells)[0] / len(points)
        middles = (cells[1:] + cells[:-1]) / 2
        p = self.density.density(middles[:, None]) * (cells[1] - cells[0])
        return divergences(p / p.sum(), q).js

    def metric(self, name: str, begin: int, end: int) -> float:
        """Mean of a metric over the steps from ``begin`` to ``end``."""
        self.trainer.flush()
        return float(np.nanmean(self.trainer.history.rows()[begin:end, self.trainer.history.names.index(name)]))


def test_figure_1_walks_through_its_four_moments():
    play = Play("figure-1").to(28)
    before = play.points()
    assert abs(before.mean() - 1) < 0.8  # (a) near the data …
    assert play.jsd() > 0.15  # … but beside them
    there = float(before.mean())
    play.to(328)
    assert np.array_equal(play.points(), before)  # (b) G stood still
    assert play.probability(1.0) > 0.6
    assert play.probability(there) < 0.4
    judged = play.probability
    frozen = [judged(x) for x in (0.0, 1.0, 2.0)]
    play.to(334)
    assert [judged(x) for x in (0.0, 1.0, 2.0)] == frozen  # (c) D stood still
    assert judged(float(play.points().mean())) > judged(there) + 0.2  # uphill
    play.to(700)
    assert play.jsd() < 0.1  # on the way to (d)
    assert play.probability(1.0) == pytest.approx(0.5, abs=0.1)


def test_ring_8_is_learnt_by_the_last_beats():
    play = Play("ring-8").to(800)
    assert play.score().covered == 8
    assert play.score().good > 0.5


def test_the_saturating_loss_stalls_and_the_other_one_moves():
    play = Play("vanishing-gradient").to(100)
    before = play.points()
    play.to(400)
    assert np.abs(play.points() - before).mean() < 0.05
    play.to(480)
    assert play.points().mean() == pytest.approx(2.5, abs=0.4)  # within σ of the data
    assert play.metric("gradient.generator", 400, 480) > 1000 * play.metric("gradient.generator", 100, 400)


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_d_trained_too_little_knows_nothing_and_g_serves_next_to_no_mode(seed):
    play = Play("d-too-little", seed).to(300)
    assert play.score().present <= 2
    assert play.metric("score.real", 260, 300) == pytest.approx(0.5, abs=0.06)
    assert play.to(600).score().present == 8


def test_d_trained_too_much_knows_all_and_g_stays_where_it_is():
    play = Play("d-too-much").to(200)
    assert play.score().present <= 2
    assert play.metric("score.real", 160, 200) > 0.75
    assert play.metric("score.fake", 160, 200) < 0.25
    assert play.to(600).score().present == 8


def dominants(scores: Iterable[ModeScore]) -> list[int]:
    """The modes on which G sits, one after the other: those that hold more than half of the samples, well placed."""
    found: list[int] = []
    for score in scores:
        mode = int(score.good_shares.argmax())
        if score.good_shares[mode] > 0.5 and found[-1:] != [mode]:
            found.append(mode)
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_helvetica_never_serves_more_than_two_modes_and_hops_from_one_to_the_next(seed):
    play = Play("helvetica", seed)
    scores = [play.to(step).score() for step in range(0, 140, 2)]
    assert max(score.present for score in scores) <= 2
    assert len(dominants(scores)) - 1 >= 3


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_a_regulariser_brings_all_modes_back(seed):
    play = Play("rescue", seed)
    assert play.to(100).score().present <= 2
    assert play.to(300).score().present <= 2
    assert play.to(600).score().present == 8
