"""The game: each order of updates equals a plain rendering of its algorithm."""

import copy

import pytest
import torch
from torch.nn.functional import softplus

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.training.trainer import Trainer

LR = 0.05


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def experiment(*edits: tuple[str, object]) -> Experiment:
    """Two small perceptrons without batch norm or dropout, plain gradient descent."""
    found = files.preset("mlp-mnist")
    for path, value in [
        ("batch_size", 8),
        ("players.*.network.params.hidden", [12]),
        ("players.generator.network.params.norm", "none"),
        ("players.discriminator.network.params.dropout", 0.0),
        ("players.*.optimiser.kind", "sgd"),
        ("lr", LR),
        ("players.*.optimiser.params.momentum", 0.0),
        ("players.*.optimiser.params.final_momentum", 0.0),
        *edits,
    ]:
        found, _ = change(found, path, value)
    return found


class Plain:
    """The same players, data and noise, moved by ordinary backward passes."""

    def __init__(self, trainer: Trainer):
        twin = Trainer(trainer.experiment)
        self.draw_real, self.draw_noise = twin.draw_real, twin.draw_noise
        self.g = copy.deepcopy(trainer.players["generator"].network)
        self.d = copy.deepcopy(trainer.players["discriminator"].network)

    def move(self, network: torch.nn.Module, loss: torch.Tensor) -> None:
        gradients = torch.autograd.grad(loss, list(network.parameters()), retain_graph=True)
        with torch.no_grad():
            for parameter, gradient in zip(network.parameters(), gradients, strict=True):
                parameter -= LR * gradient

    def d_loss(self, real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
        return softplus(-self.d(real)).mean() + softplus(self.d(fake.detach())).mean()

    def same_as(self, trainer: Trainer) -> None:
        for mine, player in ((self.g, "generator"), (self.d, "discriminator")):
            for a, b in zip(mine.parameters(), trainer.players[player].parameters, strict=True):
                torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)


def test_discriminator_first():
    trainer = Trainer(experiment())
    plain = Plain(trainer)
    for _ in range(3):
        trainer.step()
        real, fake = plain.draw_real().x, plain.g(plain.draw_noise())
        plain.move(plain.d, plain.d_loss(real, fake))
        plain.move(plain.g, softplus(-plain.d(fake)).mean())
    plain.same_as(trainer)


def test_discriminator_first_with_more_updates():
    trainer = Trainer(experiment(("k", 3), ("players.generator.updates", 2)))
    plain = Plain(trainer)
    trainer.step()
    for _ in range(3):
        real, fake = plain.draw_real().x, plain.g(plain.draw_noise())
        plain.move(plain.d, plain.d_loss(real, fake))
    plain.move(plain.g, softplus(-plain.d(fake)).mean())
    plain.move(plain.g, softplus(-plain.d(plain.g(plain.draw_noise()))).mean())
    plain.same_as(trainer)
    assert trainer.players["discriminator"].updates == 3
    assert trainer.players["generator"].updates == 2


def test_generator_first():
    trainer = Trainer(experiment(("order", "generator first")))
    plain = Plain(trainer)
    trainer.step()
    plain.move(plain.g, softplus(-plain.d(plain.g(plain.draw_noise()))).mean())
    plain.move(plain.d, plain.d_loss(plain.draw_real().x, plain.g(plain.draw_noise())))
    plain.same_as(trainer)


def test_simultaneous():
    trainer = Trainer(experiment(("order", "simultaneous")))
    plain = Plain(trainer)
    trainer.step()
    real, fake = plain.draw_real().x, plain.g(plain.draw_noise())
    g_loss, d_loss = softplus(-plain.d(fake)).mean(), plain.d_loss(real, fake)
    g_gradients = torch.autograd.grad(g_loss, list(plain.g.parameters()), retain_graph=True)
    plain.move(plain.d, d_loss)
    with torch.no_grad():
        for parameter, gradient in zip(plain.g.parameters(), g_gradients, strict=True):
            parameter -= LR * gradient
    plain.same_as(trainer)


def test_simultaneous_needs_one_update_each():
    with pytest.raises(StudioError, match="k = 1"):
        Trainer(experiment(("order", "simultaneous"), ("k", 2)))


def test_batch_norm_sees_real_and_fake_apart():
    """A batch-normed D scores each batch by itself: its running mean moves once for each."""
    found = experiment(("players.discriminator.network.params.norm", "batch"))
    trainer = Trainer(found)
    counter = next(b for n, b in trainer.players["discriminator"].network.named_buffers() if "num_batches" in n)
    trainer.step()
    assert counter.item() == 3  # real, fake, and fake again for G


def test_weight_clipping_holds_after_each_update():
    trainer = Trainer(experiment(("objective", "wasserstein"), ("weight_clipping", 0.01)))
    for _ in range(2):
        trainer.step()
    assert max(p.abs().max().item() for p in trainer.players["discriminator"].parameters) <= 0.01


def test_gradient_clip_limits_the_norm_of_what_is_applied():
    limit = 1e-3
    trainer = Trainer(experiment(("players.generator.gradient_clip", limit)))
    before = [p.detach().clone() for p in trainer.players["generator"].parameters]
    trainer.step()
    after = trainer.players["generator"].parameters
    moved = torch.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(after, before, strict=True))).item()
    assert moved == pytest.approx(LR * limit, rel=1e-3)


def test_value_is_of_the_plain_game():
    """Label smoothing changes J_D, not V(G, D)."""
    plain, smoothed = Trainer(experiment()), Trainer(experiment(("label_smoothing", 0.8)))
    for trainer in (plain, smoothed):
        trainer.step()
        trainer.flush()
    assert plain.history.latest("value") == smoothed.history.latest("value")
    assert plain.history.latest("loss.discriminator") == pytest.approx(-plain.history.latest("value"), rel=1e-5)
    assert plain.history.latest("loss.discriminator") != smoothed.history.latest("loss.discriminator")


def test_no_update_of_a_player_with_k_zero():
    trainer = Trainer(experiment(("k", 0)))
    before = [p.detach().clone() for p in trainer.players["discriminator"].parameters]
    trainer.step()
    assert trainer.flush()
    now = trainer.players["discriminator"].parameters
    assert all(torch.equal(a, b) for a, b in zip(before, now, strict=True))


@pytest.mark.parametrize("order", ["discriminator first", "generator first", "simultaneous"])
@pytest.mark.parametrize("objective", ["relativistic-average", "hinge", "least-squares", "maximum-likelihood"])
def test_every_objective_plays_in_every_order(order, objective):
    trainer = Trainer(experiment(("order", order), ("objective", objective)))
    for _ in range(2):
        trainer.step()
    assert trainer.flush()


def test_bfloat16_stays_close():
    exact, coarse = Trainer(experiment()), Trainer(experiment(("precision", "bf16")))
    for trainer in (exact, coarse):
        trainer.step()
        trainer.flush()
    name = "loss.discriminator"
    assert coarse.history.latest(name) == pytest.approx(exact.history.latest(name), rel=0.05)
