"""What a run on disk says of itself, read without torch: its experiment and its record."""

from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.folder import RECORD, WEIGHTS, check_schema
from ganstudio.runs.record import Record, read_record


@dataclass(frozen=True)
class Run:
    """A run on disk."""

    folder: Path
    experiment: Experiment
    """As it was at the last save, with all edits."""
    record: Record


def read_run(folder: Path) -> Run:
    """The run in a folder. Raises one ``StudioError`` naming the file that is missing or damaged."""
    if not folder.is_dir():
        raise StudioError("there is no such folder", str(folder))
    if not (folder / WEIGHTS).is_file() and not (folder / RECORD).is_file():
        raise StudioError(f"holds no run (there is no {WEIGHTS} in it)", str(folder))
    return Run(folder, read_experiment(folder / WEIGHTS), read_record(folder / RECORD))


def read_experiment(weights: Path) -> Experiment:
    """The experiment that weights belong to, from the file's header."""
    text = texts(weights)
    if "experiment" not in text:
        raise StudioError("does not say which experiment it belongs to", str(weights))
    try:
        version = int(text.get("schema", ""))
    except ValueError:
        raise StudioError("does not say which version of the layout it has", str(weights)) from None
    check_schema(version, weights)
    return files.loads(text["experiment"], str(weights))


def texts(path: Path) -> dict[str, str]:
    """The texts in the header of a safetensors file; ``StudioError`` naming it when it is missing or damaged."""
    try:
        with safe_open(path, framework="numpy") as file:
            return file.metadata() or {}
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None
    except (SafetensorError, ValueError, RuntimeError) as error:
        raise StudioError(f"is damaged or not a safetensors file ({str(error)[:160]})", str(path)) from None


def recent(place: Path, count: int = 10) -> list[Path]:
    """The folders of the runs in a place, the one saved last first."""
    try:
        found = [(record.stat().st_mtime, record.parent) for record in place.glob(f"*/{RECORD}")]
    except OSError:
        return []
    return [folder for _, folder in sorted(found, reverse=True)[:count]]
