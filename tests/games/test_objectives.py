"""Objectives: closed-form gradients equal autograd's, and each game rests where its class says."""

from math import log

import pytest
import torch

from ganstudio.experiment.registry import registry
from ganstudio.games.objectives.base import Objective

KINDS = {
    "saturating",
    "non-saturating",
    "maximum-likelihood",
    "least-squares",
    "wasserstein",
    "hinge",
    "relativistic-average",
}
ALPHAS = [1.0, 0.9, 0.6]
SHAPES = [((7,), (7,)), ((1,), (5,)), ((4, 1), (4, 1)), ((3, 1, 6, 6), (2, 1, 6, 6))]


def objective(kind: str) -> Objective:
    return registry.build("objective", kind, {})


def logits(shape: tuple[int, ...], seed: int) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return (2 * torch.randn(shape, generator=generator, dtype=torch.float64)).requires_grad_()


def test_every_objective_of_the_lecture_is_there_with_formula_and_source():
    found = registry.kinds("objective")
    assert found.keys() >= KINDS
    for kind in KINDS:
        assert found[kind].title
        assert found[kind].description
        assert "J_D" in found[kind].formula
        assert "J_G" in found[kind].formula
        assert "20" in found[kind].source


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("shapes", SHAPES)
@pytest.mark.parametrize("alpha", ALPHAS)
def test_closed_form_gradients_are_what_autograd_finds(kind, shapes, alpha):
    game = objective(kind)
    real, fake = logits(shapes[0], 1), logits(shapes[1], 2)
    closed = game.gradients(real.detach(), fake.detach(), alpha)
    d_real, d_fake = torch.autograd.grad(game.discriminator_loss(real, fake, alpha), [real, fake])
    torch.testing.assert_close(closed.discriminator_real, d_real, atol=1e-8, rtol=1e-7)
    torch.testing.assert_close(closed.discriminator_fake, d_fake, atol=1e-8, rtol=1e-7)
    g_real, g_fake = torch.autograd.grad(
        game.generator_loss(real, fake), [real, fake], allow_unused=True, materialize_grads=True
    )
    torch.testing.assert_close(closed.generator_real, g_real, atol=1e-8, rtol=1e-7)
    torch.testing.assert_close(closed.generator_fake, g_fake, atol=1e-8, rtol=1e-7)
    assert game.relativistic == bool(g_real.any())


@pytest.mark.parametrize(
    ("kind", "discriminator", "generator", "score"),
    [
        ("saturating", 2 * log(2), -log(2), 0.5),
        ("non-saturating", 2 * log(2), log(2), 0.5),
        ("maximum-likelihood", 2 * log(2), -1, 0.5),
        ("least-squares", 0.5, 0.25, 0.5),
        ("wasserstein", 0, None, None),
        ("hinge", 2, None, None),
        ("relativistic-average", 2 * log(2), 2 * log(2), None),
    ],
)
def test_equilibrium_values_of_the_literature(kind, discriminator, generator, score):
    rest = objective(kind).equilibrium()
    assert rest.discriminator_loss == pytest.approx(discriminator)
    assert rest.generator_loss == pytest.approx(generator) if generator is not None else rest.generator_loss is None
    assert rest.score == pytest.approx(score) if score is not None else rest.score is None


@pytest.mark.parametrize("kind", ["saturating", "non-saturating", "maximum-likelihood"])
def test_label_smoothing_moves_the_equilibrium(kind):
    rest = objective(kind).equilibrium(0.9)
    assert rest.score == pytest.approx(0.45)
    assert rest.discriminator_loss == pytest.approx(1.376, abs=5e-4)


@pytest.mark.parametrize("kind", sorted(KINDS - {"wasserstein"}))
@pytest.mark.parametrize("alpha", ALPHAS)
def test_the_best_discriminator_on_equal_distributions_has_the_equilibrium_values(kind, alpha):
    """With p_g = p_data, D's free values on four points that both sides hit alike are found by descent."""
    game = objective(kind)
    value = logits((4,), 3)
    optimiser = torch.optim.LBFGS([value], max_iter=300, tolerance_grad=1e-12, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        found = game.discriminator_loss(value, value, alpha)
        found.backward()
        return found

    optimiser.step(loss)
    rest = game.equilibrium(alpha)
    assert game.discriminator_loss(value, value, alpha).item() == pytest.approx(rest.discriminator_loss, abs=1e-9)
    if rest.score is not None:
        torch.testing.assert_close(
            game.score(value), torch.full_like(value, rest.score), atol=1e-5, rtol=0, check_stride=False
        )
    if rest.generator_loss is not None:
        assert game.generator_loss(value, value).item() == pytest.approx(rest.generator_loss, abs=1e-5)
    if kind == "hinge":
        assert value.abs().max() <= 1 + 1e-9


def test_the_wasserstein_critic_can_gain_nothing_on_equal_distributions():
    game = objective("wasserstein")
    value = logits((50,), 4)
    assert game.discriminator_loss(value, value).item() == 0 == game.equilibrium().discriminator_loss


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("size", [-1e4, 1e4])
def test_extreme_logits_give_finite_losses_and_gradients(kind, size):
    game = objective(kind)
    real = torch.full((4,), -size).requires_grad_()
    fake = torch.full((4,), size).requires_grad_()
    loss = game.discriminator_loss(real, fake, 0.9)
    assert loss.isfinite()
    assert all(part.isfinite().all() for part in torch.autograd.grad(loss, [real, fake]))
    if kind == "maximum-likelihood" and size > 0:
        # exp(10⁴) is no float: the loss says so instead of standing in with another number.
        assert game.generator_loss(real, fake).item() == -torch.inf
        return
    loss = game.generator_loss(real, fake)
    assert loss.isfinite()
    assert torch.autograd.grad(loss, fake)[0].isfinite().all()


def test_saturation_is_visible_where_the_discriminator_rejects():
    rejected = torch.full((10,), -12.0)
    saturating = objective("saturating").gradients(rejected, rejected).generator_fake
    non_saturating = objective("non-saturating").gradients(rejected, rejected).generator_fake
    assert saturating.abs().max() < 1e-5 * non_saturating.abs().max()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_critics_show_their_logits_and_the_others_a_probability(kind):
    game = objective(kind)
    values = torch.tensor([-30.0, 0.0, 30.0])
    shown = game.score(values)
    assert torch.equal(shown, values.sigmoid() if game.probability else values)
    assert game.probability == (kind in {"saturating", "non-saturating", "maximum-likelihood"})


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_only_objectives_with_targets_respond_to_smoothing(kind):
    game = objective(kind)
    real, fake = logits((6,), 5), logits((6,), 6)
    changed = game.discriminator_loss(real, fake, 0.7).item() != game.discriminator_loss(real, fake).item()
    assert changed == game.smoothable


def test_relativistic_losses_ignore_a_constant_added_to_all_logits():
    game = objective("relativistic-average")
    real, fake = logits((6,), 7), logits((6,), 8)
    for loss in (game.discriminator_loss, game.generator_loss):
        torch.testing.assert_close(loss(real + 3, fake + 3), loss(real, fake))


def test_an_unknown_objective_is_refused_with_the_choices():
    with pytest.raises(ValueError, match=r"objective.*choose one of.*hinge.*non-saturating"):
        registry.find("objective", "no-such", "objective.kind")
