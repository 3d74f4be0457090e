"""What the session is doing right now, as one immutable record that anybody may read at any time."""

from dataclasses import dataclass
from typing import Literal

Phase = Literal["loading", "empty", "opening", "ready", "running", "paused", "stopped", "failed", "closed"]


@dataclass(frozen=True)
class Status:
    """A snapshot for the status bar."""

    phase: Phase = "loading"
    """``loading``: PyTorch is being imported; ``empty``: no experiment is open; ``opening``: one is being built."""
    step: int = 0
    """Completed steps."""
    part: str = ""
    """The player whose part of a step comes next."""
    epoch: float = 0.0
    """Passes through the data, with its fraction."""
    steps_per_s: float = 0.0
    pace: float = 0.0
    """Steps per second that slow motion allows; 0 is full speed."""
    images_per_s: float = 0.0
    """Real images used per second by D."""
    device: str = ""
    threads: int = 0
    """torch's threads in this run; on CUDA they serve the host alone."""
    memory: int = 0
    """Bytes held: this process's resident set on the CPU, torch's allocations on CUDA."""
    train_share: float = 0.0
    """Share of the last second that the worker spent in steps, 0…1; the rest went to frames, saving and waiting."""
