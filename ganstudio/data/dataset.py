"""What every source of real data gives: one uint8 tensor of images, or points, from which batches are drawn."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
import torch
from torch import Tensor

from ganstudio.data.sampler import EpochSampler, Sampler
from ganstudio.experiment.component import Component
from ganstudio.experiment.errors import StudioError

Progress = Callable[[str, float], bool]
"""Called with (what is being done, share done in 0…1); answers False to cancel."""

# The mean is taken over at most this many images: few enough that sums of bytes are exact in float32.
MEAN_IMAGES = 1 << 14


@dataclass
class Batch:
    """Real samples of one update. Games with classes, pairs or captions read the further fields."""

    x: Tensor
    """(N, C, H, W) in [−1, 1], or (N, D) points."""
    y: Tensor | None = None
    """(N,) int64 class indices, when the data have classes."""


class RealData(Protocol):
    """What a trainer needs of its data, be they images or points. Shared between trainers: never written to."""

    notes: list[str]
    """What a person should know: files that were skipped, images that were resized."""

    def __len__(self) -> int:
        """Samples in an epoch."""

    @property
    def absence(self) -> StudioError | None:
        """Why the data cannot be had here, and what to do; None where they are there."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(C, H, W) of an image, (D,) of a point."""

    def to(self, device: torch.device | str) -> "RealData":
        """The same data, giving its batches on a device."""

    def sampler(self, seed: int) -> Sampler:
        """What batches are drawn by, from the start."""

    def draw(self, sampler: Sampler, count: int) -> Batch:
        """The next batch of this size."""

    def mean(self) -> Tensor | None:
        """Mean sample in [0, 1], of ``shape``, where output biases want it."""


@dataclass
class ImageData:
    """Images as one uint8 tensor, on the device that trains when it fits. Shared between trainers: never written to."""

    images: Tensor
    """(N, H, W, C) uint8."""
    labels: Tensor | None = None
    """(N,) int64."""
    classes: list[str] = field(default_factory=list)
    """Names of the classes, by label."""
    notes: list[str] = field(default_factory=list)
    """What a person should know: files that were skipped, images that were resized."""
    held_out: Tensor | None = None
    """(M, H, W, C) uint8 images that are never trained on, when the source has them; always on the CPU."""
    device: torch.device | None = None
    """Where batches go; None leaves them beside the images."""

    absence: ClassVar[None] = None

    def __post_init__(self) -> None:
        if self.images.ndim != 4 or self.images.dtype != torch.uint8:
            raise ValueError(f"images must be (N, H, W, C) uint8, not {tuple(self.images.shape)} {self.images.dtype}")

    def __len__(self) -> int:
        return len(self.images)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one sample."""
        _, height, width, channels = self.images.shape
        return channels, height, width

    def to(self, device: torch.device | str) -> "ImageData":
        """The same data for training on a device: moved there when they fit, else left on the CPU.

        Either way ``batch`` gives its samples on that device.
        """
        device = torch.device(device)
        if not fits(self.images.nbytes, device):
            return replace(self, device=device)
        labels = None if self.labels is None else self.labels.to(device)
        return replace(self, images=self.images.to(device), labels=labels, device=device)

    def sampler(self, seed: int) -> Sampler:
        """What batches are drawn by, from the start."""
        return EpochSampler(len(self), seed)

    def draw(self, sampler: Sampler, count: int) -> Batch:
        """The next batch of this size."""
        return self.batch(sampler.next(count))

    def batch(self, indices: Tensor, device: torch.device | None = None) -> Batch:
        """The samples at these (N,) int64 indices, in [−1, 1]; channels-last in memory, as convolutions like it best.

        ``device`` says where they are wanted (default: the device that ``to`` named). Images that stayed on the CPU go
        to a CUDA device through pinned memory without waiting for it: a quarter of the bytes, normalised there.
        """
        device = device or self.device or self.images.device
        labels = None if self.labels is None else sent(pick(self.labels, indices), device)
        picked = sent(pick(self.images, indices), device)
        if device.type == "cpu":
            # Torch's memory: NumPy's alignment differs between runs, and a matrix product's last bits with it.
            x = torch.empty(picked.shape)
            values = x.numpy()
            np.copyto(values, picked.numpy())
            values *= np.float32(1 / 127.5)
            values -= np.float32(1)
        else:
            x = picked.float().mul_(1 / 127.5).sub_(1)
        return Batch(x.permute(0, 3, 1, 2), labels)

    def mean(self) -> Tensor:
        """(C, H, W) mean of the data in [0, 1], for output biases; the same to the last bit for any thread count."""
        # Drawn, not evenly spaced: MNIST's sources alternate, and every fourth digit is paler than the others.
        chosen = torch.randperm(len(self), generator=torch.Generator().manual_seed(0))[:MEAN_IMAGES]
        part = pick(self.images, chosen.to(self.images.device))
        total = sum(chunk.float().sum(0) for chunk in part.split(512))
        return (total / (255 * len(part))).permute(2, 0, 1)


def pick(values: Tensor, indices: Tensor) -> Tensor:
    """The rows at these indices, on the device of ``values``.

    On the CPU this is NumPy's work, here and in ``batch``: for so few bytes one thread is as fast as all of torch's,
    and it never waits for one that a busy machine has displaced (measured: 0.02 ms against 28 ms).
    """
    if values.device.type == "cpu":
        return torch.from_numpy(values.numpy().take(indices.cpu().numpy(), axis=0))
    return values.index_select(0, sent(indices, values.device))


def sent(values: Tensor, device: torch.device) -> Tensor:
    """A copy on another device. To CUDA it is asynchronous: torch keeps the pinned block until the copy is through."""
    if device.type == "cuda" and values.device.type == "cpu":
        return values.pin_memory().to(device, non_blocking=True)
    return values.to(device)


def fits(nbytes: int, device: torch.device) -> bool:
    """Whether this many bytes of data may live on the device: on CUDA at most half of the memory that is free."""
    if device.type != "cuda":
        return True
    free, _ = torch.cuda.mem_get_info(device)
    return nbytes <= free // 2


class DataSource(Component):
    """A data set that an experiment can name. ``load`` does the reading; it draws no random number."""

    room: ClassVar[str] = "data"
    any_proportions: ClassVar[bool] = False
    """Whether its images need not be square while the field ``size`` is 0."""

    def load(self, progress: Progress | None = None) -> RealData:
        """Read everything into memory. Raises ``StudioError`` that names the file or field at fault."""
        raise NotImplementedError

    def cache_key(self) -> tuple[str, ...]:
        """Two sources with the same key hold the same data, so that a second load can be spared."""
        return self.kind, self.config.model_dump_json()


class Cancelled(Exception):
    """The person cancelled a long load."""


def report(progress: Progress | None, what: str, share: float) -> None:
    """Tell how far a load has come; raises ``Cancelled`` when the listener asks to stop."""
    if progress is not None and not progress(what, share):
        raise Cancelled(what)


def existing(path: str) -> Path:
    """The path, made absolute; ``StudioError`` when nothing lies there or nothing was given."""
    if not path:
        raise StudioError("no folder or file is chosen", "data.path")
    try:
        found = Path(path).expanduser()
        if found.exists():
            return found.resolve()
    except (OSError, RuntimeError) as error:
        raise StudioError(f"cannot be read ({getattr(error, 'strerror', None) or error})", path) from None
    raise StudioError("there is no such file or folder", str(found))
