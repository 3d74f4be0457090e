"""Opens runs and shipped models for a session that saves nothing."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs import tensors
from ganstudio.runs.about import About
from ganstudio.runs.models import load_model, newest_weights
from ganstudio.runs.place import Place, take
from ganstudio.runs.read import read_experiment, read_run
from ganstudio.runs.restore import Restored, restore_first, restore_newest
from ganstudio.runs.sample_shape import sample_shape
from ganstudio.training.cores import cores
from ganstudio.training.events import Event
from ganstudio.training.protocols import Often, Opened, Reason
from ganstudio.training.trainer import Trainer


class Opener:
    """Opens runs and shipped models, and saves nothing."""

    def record(self, trainer: Trainer, events: list[Event]) -> None:
        """Nothing."""

    def checkpoint(
        self,
        trainer: Trainer,
        events: list[Event],
        reason: Reason,
        *,
        pending: Sequence[dict[str, Any]] = (),
        field: str = "",
        wait: bool = False,
    ) -> None:
        """Nothing."""

    def due(self, checkpoints: Often, step: int) -> Reason | None:
        """Never."""
        return None

    def news(self) -> list[Event]:
        """None."""
        return []

    def sample_shape(self, run: Path, experiment: Experiment) -> tuple[int, ...] | None:
        """Of what its newest weights make."""
        weights, own = newest_weights(run) if run.is_dir() else (tensors.read(run)[0], read_experiment(run))
        return sample_shape(experiment, weights) if own.data == experiment.data else None

    def open(self, run: Path, trainer: Trainer) -> Opened:
        """A run's folder: state, history, events and threads. A safetensors file: weights alone."""
        check_moved(run, trainer)
        if not run.is_dir():
            load_model(run, trainer)
            return Opened([])
        place = take(run, write=False)
        try:
            found = restored(place, trainer)
        finally:
            place.close()
        return Opened(found.events, threads(found.about, trainer), found.branch, True, found.pending)

    def rewind(self, trainer: Trainer, branch: int, step: int) -> Opened:
        """Refused: there is nothing to go back to."""
        raise StudioError("this session keeps no runs, so there is no checkpoint to go back to")

    def close(self) -> None:
        """Nothing."""


def check_moved(run: Path, trainer: Trainer) -> None:
    """Raise ``StudioError`` where the trainer has other data than the run had, and they are not of the same shape."""
    try:
        own = read_run(run).experiment if run.is_dir() else read_experiment(run)
        if own.data == trainer.experiment.data or own.data.kind != trainer.experiment.data.kind:
            return
        weights = newest_weights(run)[0] if run.is_dir() else tensors.read(run)[0]
    except StudioError:  # what is damaged is told of where it is taken up
        return
    made, found = sample_shape(own, weights), tuple(trainer.shapes.data)
    if made is not None and made != found:
        words = f"these data are {_in_words(found)}, and this generator was trained on {_in_words(made)}"
        field = "data.path" if "path" in own.data.params else "data"  # what the program ships lies nowhere
        raise StudioError(f"{words}; choose the data that it was trained on", field)


def _in_words(shape: tuple[int, ...]) -> str:
    if len(shape) == 1:
        return "points on the number line" if shape == (1,) else "points in the plane"
    channels, height, width = shape
    return f"{width}×{height} images in {'grey' if channels == 1 else 'colour'}"


def restored(place: Place, trainer: Trainer) -> Restored:
    """Bring back the newest state of a run that is in use. Raises ``StudioError`` naming the file that is damaged."""
    if place.store is None and not place.damage:
        return restore_first(place.folder, trainer)
    return restore_newest(place.folder, place.store, trainer, place.damage)


def threads(about: About, trainer: Trainer) -> int:
    """The threads that a run's sums depend on, where this machine has as many cores and the same kind of device."""
    same = about.device.split(":")[0] == trainer.device.type and about.threads <= cores()
    return about.threads if same else 0
