"""What a checkpoint says of itself, in the header of its file: read without torch, before anything else is believed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.about import About, about_of
from ganstudio.runs.folder import CHECKPOINTS, SCHEMA, check_schema
from ganstudio.runs.tree import Branch

DIGEST = "head"
"""Name of the text that is the others' fingerprint."""


@dataclass(frozen=True)
class Head:
    """The header of a checkpoint's file."""

    path: Path
    branch: int
    step: int
    event: int
    """Number of the newest event that had happened by then."""
    time: float
    """Seconds since the epoch."""
    reason: str
    device: str
    experiment: Experiment
    about: About
    branches: list[Branch]
    """All of the run at that time: what is left of the tree when the store is lost."""
    pending: list[dict[str, Any]]
    """Commands that waited for later steps."""
    numbers: Any
    """The state's plain numbers, unchecked."""
    body: str
    """Fingerprint of the tensors."""

    def texts(self) -> dict[str, str]:
        """As the header's texts."""
        place = {name: getattr(self, name) for name in ("branch", "step", "event", "time", "reason")}
        found = {
            "schema": str(SCHEMA),
            "experiment": files.dumps(self.experiment),
            "device": self.device,
            "numbers": json.dumps(self.numbers),
            "place": json.dumps(place),
            "about": self.about.dumps(),
            "branches": json.dumps([asdict(one) for one in self.branches]),
            "pending": json.dumps(self.pending),
            "body": self.body,
        }
        return found | {DIGEST: _fingerprint(found)}


def read_head(path: Path) -> Head:
    """The head of a checkpoint. Raises ``StudioError`` naming the file when it is missing, foreign or damaged."""
    text = texts(path)
    check_version(text, path)
    if text.get(DIGEST) != _fingerprint({name: value for name, value in text.items() if name != DIGEST}):
        raise StudioError("is damaged: its head is not what was written", str(path))
    try:
        place = json.loads(text["place"])
        branches = [Branch(**one) for one in json.loads(text["branches"])]
        pending, numbers = json.loads(text["pending"]), json.loads(text["numbers"])
        whole = [place[name] for name in ("branch", "step", "event")]
        if not all(isinstance(one, int) and 0 <= one < 2**62 for one in whole):
            raise ValueError("a place that is none")
        if not (isinstance(pending, list) and all(isinstance(one, dict) for one in pending)):
            raise ValueError("commands that are none")
        about = about_of(json.loads(text["about"]), str(path))
        moment, reason = float(place["time"]), str(place["reason"])
        device, body, experiment = text["device"], text["body"], text["experiment"]
    except StudioError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise StudioError(f"is damaged ({str(error)[:160]})", str(path)) from None
    found = files.loads(experiment, str(path))
    return Head(path, *whole, moment, reason, device, found, about, branches, pending, numbers, body)


def check_version(text: Mapping[str, str], path: Path) -> None:
    """Raise ``StudioError`` for texts that say no version of the layout, or a newer one."""
    try:
        version = int(text.get("schema", ""))
    except ValueError:
        raise StudioError("does not say which version of the layout it has", str(path)) from None
    check_schema(version, path)


def texts(path: Path) -> dict[str, str]:
    """The texts in the header of a safetensors file; ``StudioError`` naming it when it is missing or damaged."""
    try:
        with safe_open(path, framework="numpy") as file:
            return file.metadata() or {}
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None
    except (SafetensorError, ValueError, RuntimeError) as error:
        raise StudioError(f"is damaged or not a safetensors file ({str(error)[:160]})", str(path)) from None


def files_of(folder: Path) -> list[Path]:
    """The checkpoints' files that lie in a run's folder, whatever the store says."""
    return sorted(path for path in (folder / CHECKPOINTS).glob("[0-9]*-[0-9]*.safetensors") if path.is_file())


def _fingerprint(text: Mapping[str, str]) -> str:
    content = "\0".join(f"{name}\0{value}" for name, value in sorted(text.items()))
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
