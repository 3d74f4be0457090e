"""What a study works with: copies of the players and the data, fetched when it first needs them. Imports torch."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.replica import Replica, bare_network, give_weights
from ganstudio.latent.requests import Prior
from ganstudio.training.session import Session

if TYPE_CHECKING:
    from ganstudio.probes.generator import GeneratorFrame
    from ganstudio.probes.images import ImagesFrame
    from ganstudio.probes.points import PointsFrame


class GivenUp(Exception):
    """The study is not wanted any more."""


class Workshop:
    """One study's players, frozen as they were when it began. Of the workbench's thread alone.

    Networks are in evaluation mode and their weights need no gradients: a study optimises inputs. Nothing here draws
    from torch's process-wide generator; a study has generators of its own, seeded by its request.
    """

    def __init__(self, fetch: Callable[..., Any], frame: "GeneratorFrame", kept: dict[str, Any]):
        self._fetch = fetch
        self.frame = frame
        self.kept = kept
        """What studies leave for later ones of the same trainer (an index, an encoder), by names of their own."""
        self.replica = Replica(frame)
        self._critic: nn.Module | None = None
        self.critic_step = 0
        """Completed steps of the D that ``critic`` copies; told once it has been used."""

    @property
    def generator(self) -> nn.Module:
        """z (N, dim) → samples (N, *shape), images in [−1, 1]."""
        return self.replica.network

    @property
    def prior(self) -> Prior:
        """What z is like."""
        return self.replica.prior

    @property
    def critic(self) -> nn.Module:
        """A copy of D as it is now: samples (N, *shape) → logits (N,)."""
        if self._critic is None:
            frame = self._fetch("discriminator")
            self._critic = bare_network(frame, "discriminator")
            give_weights(self._critic, frame)
            self.critic_step = frame.step
        return self._critic

    @property
    def images(self) -> "ImagesFrame":
        """The real images. Raises ``StudioError`` when the data are points."""
        if "images" not in self.kept:
            self.kept["images"] = self._fetch("images")
        found = self.kept["images"]
        if found.images is None:
            raise StudioError("these data are points, not images")
        return found

    @property
    def points(self) -> "PointsFrame":
        """The real points. Raises ``StudioError`` when the data are images."""
        if "points" not in self.kept:
            self.kept["points"] = self._fetch("points")
        found = self.kept["points"]
        if found.points is None:
            raise StudioError("these data are images, not points")
        return found

    def draw(self, count: int, seed: int) -> torch.Tensor:
        """(count, dim) float32 from the prior, the same for the same seed."""
        return self.replica.noise.draw(count, torch.Generator().manual_seed(seed))

    def render(self, z: torch.Tensor | np.ndarray) -> torch.Tensor:
        """(N, *shape) float32: G(z), without gradients."""
        return torch.from_numpy(self.replica.render(np.asarray(z)))


def errand(session: Session, wake: threading.Condition, given_up: Callable[[], bool]) -> Callable[..., Any]:
    """A function that fetches the frame of a probe as it is at that moment: ``fetch(probe, **options)``.

    It waits for the training thread, and raises ``GivenUp`` when nobody waits for the frame any more; ``wake`` is
    notified when ``given_up`` may have changed.
    """

    def fetch(probe: str, **options: Any) -> Any:
        mailbox = session.subscribe(probe, **options)
        mailbox.arrived = arrived
        try:
            session.wake()
            with wake:
                while (frame := mailbox.take()) is None:
                    if given_up():
                        raise GivenUp
                    if mailbox.failed:
                        raise StudioError(mailbox.failed)
                    wake.wait()
            return frame
        finally:
            session.unsubscribe(mailbox)

    def arrived() -> None:
        with wake:
            wake.notify_all()

    return fetch
