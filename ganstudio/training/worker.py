"""What the worker thread needs of torch: choosing the device, building a trainer, measuring, plain sentences."""

import os
from collections import deque
from collections.abc import Callable
from time import perf_counter

import torch
import torch._dynamo  # torch's optimisers import it when first used: a second that belongs to loading, not to Train

from ganstudio.data.absent import load_or_do_without
from ganstudio.data.dataset import Progress
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, check
from ganstudio.training import build
from ganstudio.training.protocols import Opened
from ganstudio.training.status import Phase, Status
from ganstudio.training.threads import threads_for
from ganstudio.training.trainer import Trainer


def device(name: str) -> str:
    """``auto`` → CUDA if there is one, else the CPU; ``StudioError`` for a device that is absent."""
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    try:
        kind = torch.device(name).type
    except RuntimeError:
        raise StudioError(f"there is no device called {name!r}; use auto, cpu or cuda", "device") from None
    if kind == "cuda" and not torch.cuda.is_available():
        raise StudioError("no CUDA device is present here; use cpu", "device")
    if kind == "cuda" and (torch.device(name).index or 0) >= torch.cuda.device_count():
        raise StudioError(f"there is no {name} here; the last one is cuda:{torch.cuda.device_count() - 1}", "device")
    if kind not in ("cpu", "cuda"):
        raise StudioError(f"{name!r} is not supported; use auto, cpu or cuda", "device")
    return name


def open_trainer(
    experiment: Experiment,
    device_name: str,
    threads: int,
    progress: Progress,
    bring: Callable[[Trainer], Opened],
    shape: Callable[[], tuple[int, ...] | None],
) -> tuple[Trainer, Opened, int]:
    """A trainer, what came with its run, and torch's number of threads, which is set.

    ``bring`` gives the fresh trainer a run's state. ``shape`` is asked if its data cannot be loaded: that of a sample,
    to do without them, or None to refuse that. ``threads`` 0 takes the run's own, or measures; one serves where nothing
    can be trained. Whatever is raised, ``Cancelled`` among it, leaves torch's threads as they were: the trainer that is
    open goes on with them.
    """
    before = torch.get_num_threads()
    try:
        check(experiment)
        data = load_or_do_without(build.data_source(experiment), shape, progress)
        trainer = Trainer(experiment, device_name, data=data)
        opened = bring(trainer)
        threads = threads or opened.threads
        if not threads:
            threads = threads_for(experiment, trainer, progress) if data.absence is None else 1
    except BaseException as error:
        torch.set_num_threads(before)
        if _is_memory(error):
            raise StudioError(
                "there is not enough memory to open this experiment; choose smaller networks or a smaller batch"
            ) from error
        raise
    torch.set_num_threads(threads)
    return trainer, opened, threads


def plain_sentence(error: BaseException) -> str:
    """What went wrong in a step, for people, with a way on."""
    if isinstance(error, StudioError):
        text = str(error)
        if "finite" in text:
            text += "; lower a learning rate or add a regulariser before you go on."
        return text[:1].upper() + text[1:]
    if _is_memory(error):
        return "There is not enough memory for this step; choose a smaller batch and press Train."
    return f"A step failed: {type(error).__name__}: {error}."


def _is_memory(error: BaseException) -> bool:
    # On the CPU torch raises a bare RuntimeError: "can't allocate memory", on Windows "not enough memory".
    said = ("out of memory", "allocate memory", "not enough memory")
    text = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or (
        isinstance(error, RuntimeError) and any(words in text for words in said)
    )


class Meter:
    """Speed and shares over the last second or so."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, float]] = deque(maxlen=4096)  # (when, seconds in the step)
        self._flushed = perf_counter()

    def restart(self) -> None:
        """Forget what was before a pause."""
        self._steps.clear()

    def stepped(self, seconds: float) -> None:
        """Note a step that took this long."""
        self._steps.append((perf_counter(), seconds))

    def since_flush(self) -> float:
        """Seconds since the metrics were last brought over."""
        return perf_counter() - self._flushed

    def flushed(self) -> None:
        """Note that the metrics have been brought over."""
        self._flushed = perf_counter()

    def status(self, phase: Phase, trainer: Trainer, threads: int, pace: float) -> Status:
        """The status bar's record."""
        now = perf_counter()
        recent = [(when, seconds) for when, seconds in self._steps if now - when < 2.0]
        span = now - (recent[0][0] - recent[0][1]) if recent else 0.0
        rate = len(recent) / span if span > 0 and phase == "running" else 0.0
        d_updates = trainer.experiment.players["discriminator"].updates if "discriminator" in trainer.players else 1
        return Status(
            phase=phase,
            step=trainer.steps,
            part=trainer.next_part,
            epoch=trainer.sampler.epoch + trainer.sampler.position / max(1, trainer.sampler.size),
            steps_per_s=rate,
            pace=pace,
            images_per_s=rate * trainer.experiment.batch_size * d_updates,
            device=str(trainer.device),
            threads=threads,
            memory=_memory(trainer.device),
            train_share=sum(seconds for _, seconds in recent) / span if span > 0 and phase == "running" else 0.0,
        )


def _memory(where: torch.device) -> int:
    if where.type == "cuda":
        return torch.cuda.memory_allocated(where)
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        import resource as process  # macOS: no /proc, and the peak is the best there is

        return process.getrusage(process.RUSAGE_SELF).ru_maxrss
