"""The search's arithmetic on generators that can be solved by hand, and gradients against differences."""

from math import inf, sqrt

import numpy as np
import pytest
import torch
from torch import nn

from ganstudio.latent import inversion_search
from ganstudio.latent.inversion_search import (
    Candidate,
    Objective,
    Passes,
    adam,
    candidates,
    gauss_newton,
    quasi_newton,
)
from ganstudio.latent.requests import Prior

DIM, FEATURES, LIKELY = 5, 12, 0.3


def linear(seed: int = 0) -> nn.Linear:
    network = nn.Linear(DIM, FEATURES).requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    network.weight.normal_(generator=generator)
    network.bias.normal_(generator=generator)
    return network


def objective(network: nn.Module, prior: Prior, likely: float = LIKELY) -> Objective:
    target = torch.randn(1, FEATURES, generator=torch.Generator().manual_seed(1))
    return Objective(network, target, 2.0, prior, likely)


def done(work):
    """What a piece of work returns."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def at(found: Objective, z: torch.Tensor) -> Candidate:
    return candidates(found, z, found.network(z))[0]


NORMAL, BOX = Prior(DIM, 1.0, inf), Prior(DIM, 0.35 / sqrt(3), 0.35)
WIDE = Prior(DIM, 2.0, inf)


@pytest.mark.parametrize("prior", [NORMAL, WIDE, BOX])
def test_the_gradient_of_a_linear_generator_is_the_closed_form(prior):
    network = linear()
    found = objective(network, prior)
    z = torch.randn(3, DIM, generator=torch.Generator().manual_seed(2)) * 0.3
    samples, gradients = done(Passes(found).gradients(z))
    a, b = network.weight.double(), network.bias.double()
    rest = z.double() @ a.T + b - found.target.double()
    likely = LIKELY if prior.limit == inf else 0.0
    expected = 2 * rest @ a / (4 * FEATURES) + 2 * likely * z.double() / (DIM * prior.std**2)
    torch.testing.assert_close(gradients.double(), expected, rtol=1e-4, atol=1e-6)
    torch.testing.assert_close(samples, network(z))


def test_the_gradient_is_that_of_finite_differences():
    network = nn.Sequential(linear(), nn.Tanh(), nn.Linear(FEATURES, FEATURES)).double().requires_grad_(False)
    generator = torch.Generator().manual_seed(3)
    network[2].weight.normal_(generator=generator)
    network[2].bias.zero_()
    found = objective(network, WIDE)
    z = torch.randn(2, DIM, dtype=torch.float64, generator=generator)
    _, gradients = done(Passes(found).gradients(z))
    for i in range(DIM):
        step = 1e-5 * torch.eye(DIM, dtype=torch.float64)[i]
        ends = [found.losses(z + way, network(z + way)) for way in (step, -step)]
        torch.testing.assert_close(gradients[:, i], (ends[0] - ends[1]) / 2e-5, rtol=1e-6, atol=1e-9)


def test_gauss_newton_solves_a_linear_generator_at_once():
    network = linear()
    found = objective(network, WIDE)
    one = at(found, torch.ones(1, DIM))
    one.damping = 1e-7
    passes = Passes(found)
    for _ in range(2):
        done(gauss_newton(passes, one))
    a, b, t = network.weight.double(), network.bias.double(), found.target[0].double()
    ridge = LIKELY * 4 * FEATURES / (DIM * WIDE.std**2) * torch.eye(DIM)
    expected = torch.linalg.solve(a.T @ a + ridge, a.T @ (t - b))
    torch.testing.assert_close(one.z[0].double(), expected, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(one.loss, float(found.losses(one.z, network(one.z))))


def test_gauss_newton_stays_in_the_box_and_finds_its_best_point():
    network, limit = linear(), np.float32(BOX.limit)
    found = objective(network, BOX)
    one = at(found, torch.zeros(1, DIM))
    passes = Passes(found)
    while not one.resting:
        done(gauss_newton(passes, one))
    assert float(one.z.abs().max()) <= limit
    assert bool((one.z.abs() == limit).any())
    _, gradient = done(passes.gradients(one.z))
    # At a minimum in a box the slope is 0 inside, and points out of the box at its edge (the conditions of KKT).
    inside = one.z[0].abs() < limit
    np.testing.assert_allclose(gradient[0][inside].numpy(), 0, atol=1e-3)
    assert bool((gradient[0] * one.z[0])[~inside].le(0).all())


@pytest.mark.parametrize("step", [gauss_newton, quasi_newton])
def test_steps_never_lose_what_was_reached_and_come_to_rest(step):
    network = nn.Sequential(linear(), nn.Tanh(), nn.Linear(FEATURES, FEATURES)).requires_grad_(False)
    generator = torch.Generator().manual_seed(4)
    network[2].weight.normal_(generator=generator)
    network[2].bias.zero_()
    truth = torch.randn(1, DIM, generator=generator)
    found = Objective(network, network(truth), 2.0, NORMAL, 0.0)
    one = at(found, truth + 0.3 * torch.randn(1, DIM, generator=generator))
    passes, losses = Passes(found), [one.loss]
    for _ in range(60):
        if one.resting:
            break
        done(step(passes, one))
        losses.append(one.loss)
    assert one.resting
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.05 * losses[0]


def test_adam_improves_all_at_once_and_stops_when_told():
    found = objective(linear(), NORMAL)
    z = torch.randn(4, DIM, generator=torch.Generator().manual_seed(5))
    seen = []
    moved = done(adam(Passes(found), z, 30, lambda z, samples: seen.append((z.clone(), samples)) or True))
    before, after = (found.losses(some, found.network(some)) for some in (z, moved))
    assert bool((after < before).all())
    assert len(seen) == 30
    torch.testing.assert_close(seen[3][1], found.network(seen[3][0]), msg="samples are those of the z shown with them")
    assert torch.equal(done(adam(Passes(found), z, 30, lambda *now: False)), z)


def test_passes_are_cut_into_pieces_that_take_their_time(monkeypatch):
    class Slow(nn.Module):
        def forward(self, z):
            clock[0] += 0.005 * len(z)
            return z

    clock = [0.0]
    monkeypatch.setattr(inversion_search, "perf_counter", lambda: clock[0])
    passes = Passes(Objective(Slow(), torch.zeros(1, DIM), 1.0, NORMAL, 0.0))
    z = torch.randn(40, DIM, generator=torch.Generator().manual_seed(6))
    for work in (passes.samples(z), passes.samples(z)):
        ends = [clock[0]] + [clock[0] for _ in work]
    assert max(np.diff(ends)) <= 0.0201
    assert passes.done == 80
    torch.testing.assert_close(done(passes.samples(z)), z)


def test_samples_that_are_not_numbers_come_last():
    found = objective(linear(), NORMAL)
    z = torch.randn(3, DIM, generator=torch.Generator().manual_seed(7))
    samples = found.network(z)
    samples[1] = torch.nan
    order = candidates(found, z, samples)
    assert torch.equal(order[-1].z[0], z[1])
    assert order[0].loss <= order[1].loss < inf


def test_a_step_whose_equations_cannot_be_solved_changes_nothing_and_damps_more(monkeypatch):
    solve = torch.linalg.solve_ex
    monkeypatch.setattr(torch.linalg, "solve_ex", lambda *args: (solve(*args)[0], torch.ones(4, dtype=torch.int32)))
    found = objective(linear(), NORMAL)
    one = at(found, torch.ones(1, DIM))
    before, damping = one.loss, one.damping
    done(gauss_newton(Passes(found), one))
    assert one.loss == before
    assert torch.equal(one.z, torch.ones(1, DIM))
    assert one.damping > damping
