"""The Convergence probe: the metrics of what G makes now, on G's copy, with a memory; and nothing of it for images."""

from math import isnan, log

import numpy as np
import pytest
import torch

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.metrics import modes
from ganstudio.metrics.divergence import Cells
from ganstudio.metrics.wasserstein import Transport
from ganstudio.probes.convergence import NAMES, SAMPLES, ConvergenceProbe
from ganstudio.probes.trail import MOST
from ganstudio.training.trainer import Trainer

FEW = 500


def trainer_of(*edits: tuple[str, object], preset: str = "ring-8", steps: int = 2) -> Trainer:
    experiment = files.preset(preset)
    for path, value in [("batch_size", 32), ("players.*.network.params.hidden", [16]), *edits]:
        experiment, _ = change(experiment, path, value)
    trainer = Trainer(experiment)
    for _ in range(steps):
        trainer.step()
    return trainer


def found_in(trainer: Trainer, probe: ConvergenceProbe | None = None, **options):
    return (probe or ConvergenceProbe()).frame(trainer, **{"samples": FEW, **options}).found


@torch.no_grad()
def set_generator(trainer: Trainer, x: torch.Tensor) -> None:
    """Have G and its average make one point of everything."""
    for network in (trainer.players["generator"].network, trainer.average.network):
        last = [one for one in network.modules() if isinstance(one, torch.nn.Linear)][-1]
        last.weight.zero_()
        last.bias.copy_(x)


def test_the_numbers_are_those_of_the_metrics():
    trainer = trainer_of()
    found = found_in(trainer, samples=3000)
    z = trainer.noise.draw(3000, torch.Generator().manual_seed(1))
    with torch.no_grad():
        x = trainer.average.network(z).double().numpy()
    density = trainer.data.density
    divergences, score = Cells(density).compare(x), modes.judge(density, x[: modes.SAMPLES])
    expected = {**vars(divergences), "wasserstein": Transport(density).distance(x)}
    expected |= {"covered": score.covered, "good": score.good, "entropy": score.entropy}
    for name, value in expected.items():
        assert found.numbers[name] == pytest.approx(value, rel=1e-4, nan_ok=True), name
    np.testing.assert_allclose(found.shares, score.shares, atol=1e-3)
    assert found.most_entropy == log(8)
    assert set(found.numbers) == set(NAMES)


def test_a_generator_that_sits_on_one_mode_is_seen():
    trainer = trainer_of()
    set_generator(trainer, torch.from_numpy(trainer.data.density.modes[3]).float())
    found = found_in(trainer)
    assert found.numbers["covered"] == 1
    assert found.numbers["good"] == pytest.approx(1)
    assert found.numbers["entropy"] == 0
    assert found.shares.argmax() == 3
    assert found.good_shares[3] == pytest.approx(1)
    assert found.numbers["js"] > 0.6 > found.chance["js"]


def test_in_one_dimension_too():
    found = found_in(trainer_of(preset="figure-1"), samples=2000)
    assert 0 < found.numbers["js"] <= log(2)
    assert np.isfinite(found.numbers["wasserstein"])
    assert found.chance["js"] < 0.005


def test_live_weights_or_their_average():
    trainer = trainer_of()
    set_generator(trainer, torch.zeros(2))
    with torch.no_grad():
        for parameter in trainer.players["generator"].network.parameters():
            parameter.add_(100.0)
    average, live = found_in(trainer), found_in(trainer, live=True)
    assert live.numbers["wasserstein"] > 10 * average.numbers["wasserstein"]


@torch.no_grad()
def set_logit(trainer: Trainer, logit: float) -> None:
    last = [one for one in trainer.players["discriminator"].network.modules() if isinstance(one, torch.nn.Linear)][-1]
    last.weight.zero_()
    last.bias.fill_(logit)


@pytest.mark.parametrize(
    ("edits", "logit", "score", "distance"),
    [
        ((), 0.0, 0.5, 0.0),
        ((), log(3), 0.75, 0.25),
        ((("label_smoothing", 0.9),), 0.0, 0.5, 0.05),
        ((("objective", "wasserstein"),), 2.0, 2.0, None),
    ],
)
def test_how_far_d_is_from_its_rest(edits, logit, score, distance):
    trainer = trainer_of(*edits)
    set_logit(trainer, logit)
    found = found_in(trainer)
    assert found.numbers["score_real"] == pytest.approx(score, abs=1e-6)
    assert found.numbers["score_fake"] == pytest.approx(score, abs=1e-6)
    if distance is None:
        assert found.rest is None
        assert isnan(found.numbers["score_distance"])
        assert not found.probability
    else:
        assert found.numbers["score_distance"] == pytest.approx(distance, abs=1e-6)


def test_a_perfect_d_is_far_from_one_half_though_its_mean_over_both_is_not():
    trainer = trainer_of()
    set_generator(trainer, torch.tensor([50.0, 0.0]))
    first, last = (
        one for one in trainer.players["discriminator"].network.modules() if isinstance(one, torch.nn.Linear)
    )
    with torch.no_grad():
        for parameter in (*first.parameters(), *last.parameters()):
            parameter.zero_()
        # logit = 9 − 18·max(0, x₁ − 49): 9 for all data, −9 for G's only point.
        first.weight[0, 0], first.bias[0], last.weight[0, 0] = 1.0, -49.0, -18.0
        last.bias.fill_(9.0)
    numbers = found_in(trainer).numbers
    assert numbers["score_real"] + numbers["score_fake"] == pytest.approx(1, abs=1e-4)
    assert numbers["score_distance"] == pytest.approx(0.5, abs=1e-3)


# memory


def test_the_trail_is_what_was_seen_and_goes_back_with_the_run():
    trainer, probe = trainer_of(steps=0), ConvergenceProbe()
    state, seen = trainer.state(), []
    for _ in range(4):
        trainer.step()
        seen.append(found_in(trainer, probe).numbers["wasserstein"])
    trail = found_in(trainer, probe).trail
    assert trail["step"].tolist() == [1, 2, 3, 4]
    assert trail["wasserstein"].tolist() == seen
    trainer.load(state)
    trainer.step()
    assert found_in(trainer, probe).trail["step"].tolist() == [1]


def test_the_trail_keeps_its_beginning_within_bounds():
    trainer, probe = trainer_of(), ConvergenceProbe()
    for step in range(MOST + 50):
        trainer.steps = step
        trail = found_in(trainer, probe, samples=10).trail
    assert len(trail["step"]) <= MOST
    assert trail["step"][0] == 0
    assert trail["step"][-1] == MOST + 49


def test_other_weights_and_other_counts_begin_a_trail_of_their_own():
    trainer, probe = trainer_of(), ConvergenceProbe()
    found_in(trainer, probe)
    trainer.step()
    assert len(found_in(trainer, probe, live=True).trail["step"]) == 1
    assert len(found_in(trainer, probe, live=True, samples=FEW + 1).trail["step"]) == 1


# laws


def test_images_have_no_known_density(make_trainer):
    trainer = make_trainer()
    frame = ConvergenceProbe().frame(trainer)
    assert frame.found is None
    assert (frame.dim, frame.step) == (0, trainer.steps)


@pytest.mark.parametrize("live", [False, True])
def test_a_look_changes_nothing(live):
    watched, alone = trainer_of(), trainer_of()
    probe, before = ConvergenceProbe(), torch.get_rng_state()
    for _ in range(3):
        found_in(watched, probe, live=live)
        watched.step()
        alone.step()
    assert watched.weights_sha256() == alone.weights_sha256()
    assert watched.sampler.state() == alone.sampler.state()
    assert torch.equal(torch.get_rng_state(), before)
    for name, generator in watched.generators.items():
        assert torch.equal(generator.get_state(), alone.generators[name].get_state())


def test_what_was_copied_is_judged_though_training_went_on():
    trainer = trainer_of()
    expected = found_in(trainer).numbers
    compute = ConvergenceProbe().look(trainer, samples=FEW)
    for _ in range(5):
        trainer.step()
    frame = compute()
    assert frame.step == 2
    assert frame.found.numbers == pytest.approx(expected, nan_ok=True)


def test_a_broken_generator_is_judged_as_far_away():
    trainer = trainer_of()
    set_generator(trainer, torch.tensor([float("nan"), 0.0]))
    numbers = found_in(trainer).numbers
    assert numbers["js"] == pytest.approx(log(2), abs=1e-6)
    assert numbers["wasserstein"] == np.inf
    assert (numbers["covered"], numbers["good"]) == (0, 0)


def test_ten_thousand_samples_are_the_rule():
    assert SAMPLES >= 10_000
