"""Puts a session together with its probes and its runs. Imports no torch: the session's worker does."""

from collections.abc import Mapping
from pathlib import Path

from ganstudio.resources import resource
from ganstudio.runs.folder import runs_folder
from ganstudio.training.protocols import Judge, Keeper, Probe
from ganstudio.training.session import Session

__all__ = ["model_of", "new_session", "runs_folder"]


def new_session(
    *, device: str = "auto", threads: int = 0, out: Path | None = None, runs: Path | None = None, keep: bool = True
) -> Session:
    """A session that is not started yet, with every probe there is.

    ``out`` is the folder of its first run; later ones, and all without ``out``, get folders of their own in ``runs``
    (default: ``runs_folder()``). ``keep=False`` saves nothing, but opens runs and shipped models all the same.
    """

    def probes() -> Mapping[str, type[Probe]]:
        from ganstudio.probes.all import all_probes

        return all_probes()

    def keeper() -> Keeper:
        from ganstudio.runs.keeper import Opener, RunKeeper

        return RunKeeper(out, runs) if keep else Opener()

    def judge() -> Judge:
        from ganstudio.probes import standing

        return standing.judge

    return Session(probes=probes, keeper=keeper, judge=judge, device=device, threads=threads)


def model_of(preset: str) -> Path | None:
    """The shipped weights of a preset, for ``Open(run=…)``; None when it has none."""
    path = resource("models", f"{preset}.safetensors")
    return path if path.is_file() else None
