"""The training loop of a tutorial, written plainly: what ``bench engine`` compares the trainer with.

It follows PyTorch's DCGAN tutorial (https://docs.pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html): data as a
float tensor behind a ``DataLoader``, D scores real and fake samples in passes of their own, fakes are reused through
``detach()``, ``BCEWithLogitsLoss``, ``Adam`` as it comes, ``.item()`` at each step, float32, NCHW. That is the same
algorithm as the game *discriminator first* with the non-saturating loss; it keeps no average of G and no metrics but
the two losses. R1 is added as it is usually written, with a pass of its own (Mescheder et al. 2018, appendix D.2).
"""

import copy
from collections.abc import Iterator
from itertools import count

import torch
from torch import Tensor, nn
from torch.optim.lr_scheduler import LinearLR
from torch.utils.data import DataLoader, TensorDataset

from ganstudio.data.dataset import ImageData, RealData
from ganstudio.data.points import PointsData
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.networks.dcgan import Judge, Project
from ganstudio.networks.layers import Dropout
from ganstudio.networks.thin import ImageConv2d, ImageConvTranspose2d
from ganstudio.training.trainer import Trainer

POINTS = 1 << 16
"""Of data without end, the textbook has so many points, drawn beforehand."""


class Textbook:
    """The same players, batch, rates and data as a trainer's, starting from the weights that it has now."""

    def __init__(self, trainer: Trainer):
        experiment = trainer.experiment
        self.generator = plain(trainer.players["generator"].network)
        self.discriminator = plain(trainer.players["discriminator"].network)
        self.noise_dim = trainer.noise.config.dim
        self.gamma = experiment.regularisers.get("r1", {}).get("gamma", 0.0)
        self.loader = DataLoader(
            TensorDataset(samples(trainer.data)), experiment.batch_size, shuffle=True, drop_last=True
        )
        self.criterion = nn.BCEWithLogitsLoss()
        rules = [trainer.players[name].rule.config for name in ("generator", "discriminator")]
        self.optimizer_g, self.optimizer_d = (
            torch.optim.Adam(network.parameters(), lr=rule.lr, betas=(rule.beta1, rule.beta2))
            for network, rule in zip((self.generator, self.discriminator), rules, strict=True)
        )
        self.schedulers = [
            LinearLR(optimizer, 1.0, 0.0, rule.decay_updates)
            for optimizer, rule in zip((self.optimizer_g, self.optimizer_d), rules, strict=True)
            if rule.decay_updates
        ]
        self.losses: list[tuple[float, float]] = []
        """(J_D, J_G) of each step."""

    @staticmethod
    def check(experiment: Experiment) -> None:
        """Raise ``StudioError`` for an experiment that is not the tutorial's algorithm."""
        played = {
            "game.order": (experiment.game.params.get("order", "discriminator first"), "discriminator first"),
            "objective.kind": (experiment.objective.kind, "non-saturating"),
        }
        for name, player in experiment.players.items():
            played[f"players.{name}.optimiser.kind"] = (player.optimiser.kind, "adam")
            played[f"players.{name}.updates"] = (player.updates, 1)
            played[f"players.{name}.gradient_clip"] = (player.gradient_clip, 0)
            played[f"players.{name}.network.spectral_norm"] = (player.network.params.get("spectral_norm", False), False)
            if player.network.kind.startswith("dcgan"):
                played[f"players.{name}.network.norm"] = (player.network.params.get("norm", "paper"), "paper")
        played["regularisers"] = ({kind: one for kind, one in experiment.regularisers.items() if kind != "r1"}, {})
        for group in ("constraints", "augmentation"):
            played[group] = (getattr(experiment, group), {})
        played["noise.kind"] = (experiment.noise.kind, "normal")
        for field, (value, wanted) in played.items():
            if value != wanted:
                raise StudioError(f"the textbook loop knows {wanted!r} only; choose another preset", field)

    def steps(self) -> Iterator[None]:
        """Train, one step for each item taken, epoch after epoch."""
        for _ in count():
            for (real,) in self.loader:
                self.step(real, torch.randn(len(real), self.noise_dim))
                yield

    def step(self, real: Tensor, noise: Tensor) -> None:
        """One step on real samples, (N, C, H, W) or (N, D), and z (N, dim)."""
        ones, zeros = torch.ones(len(real)), torch.zeros(len(real))

        # D: maximise log D(x) + log(1 - D(G(z)))
        self.discriminator.zero_grad()
        loss_real = self.criterion(self.discriminator(real), ones)
        loss_real.backward()
        fake = self.generator(noise)
        loss_fake = self.criterion(self.discriminator(fake.detach()), zeros)
        loss_fake.backward()
        if self.gamma:
            at = real.clone().requires_grad_()
            (slope,) = torch.autograd.grad(self.discriminator(at).sum(), at, create_graph=True)
            penalty = self.gamma / 2 * slope.flatten(1).pow(2).sum(1).mean()
            penalty.backward()
        self.optimizer_d.step()

        # G: maximise log D(G(z))
        self.generator.zero_grad()
        loss_g = self.criterion(self.discriminator(fake), ones)
        loss_g.backward()
        self.optimizer_g.step()

        for scheduler in self.schedulers:
            scheduler.step()
        self.losses.append((loss_real.item() + loss_fake.item(), loss_g.item()))


def samples(data: RealData) -> Tensor:
    """All real samples as float32, (N, C, H, W) in [−1, 1] or (N, D)."""
    if isinstance(data, ImageData):
        return data.images.permute(0, 3, 1, 2).contiguous().float() / 127.5 - 1
    assert isinstance(data, PointsData)
    return data.density.sample(POINTS, torch.Generator().manual_seed(0)) if data.points is None else data.points


def plain(network: nn.Module) -> nn.Module:
    """A copy with the same weights in torch's usual layout, its layers of our own replaced by torch's usual ones."""
    network = copy.deepcopy(network).to(memory_format=torch.contiguous_format)
    layers = [_plain_layer(layer) for layer in network.children()]
    return nn.Sequential(*layers)


@torch.no_grad()
def _plain_layer(layer: nn.Module) -> nn.Module:
    if isinstance(layer, Dropout):
        return nn.Dropout(1 - layer.keep)
    if isinstance(layer, ImageConv2d | ImageConvTranspose2d):
        kind = nn.Conv2d if isinstance(layer, ImageConv2d) else nn.ConvTranspose2d
        found = kind(layer.in_channels, layer.out_channels, layer.kernel_size, layer.stride, layer.padding)
        found.load_state_dict(layer.state_dict())
        return found
    if isinstance(layer, Project):
        # The paper's first layer: a transposed convolution of z as a map of 1×1.
        side, _, channels = layer.map
        first = nn.ConvTranspose2d(layer.linear.in_features, channels, side, bias=False)
        first.weight.copy_(layer.linear.weight.T.unflatten(1, layer.map).permute(0, 3, 1, 2))
        return nn.Sequential(nn.Unflatten(1, (-1, 1, 1)), first)
    if isinstance(layer, Judge):
        # The paper's last layer: a convolution that covers the whole map.
        side, _, channels = layer.map
        last = nn.Conv2d(channels, 1, side)
        last.weight.copy_(layer.linear.weight.unflatten(1, layer.map).permute(0, 3, 1, 2))
        last.bias.copy_(layer.linear.bias)
        return nn.Sequential(last, nn.Flatten(0))
    return layer
