"""Frames of the past, computed from a run's checkpoints beside training. Imports torch in its own thread only."""

import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ganstudio.training.cores import keep_to_one_core
from ganstudio.training.mailbox import Frame
from ganstudio.training.protocols import Probe


@dataclass(frozen=True)
class Asked:
    """A frame that somebody wants."""

    key: Hashable
    probe: str
    options: Mapping[str, Any]
    branch: int
    step: int


@dataclass(frozen=True)
class Answer:
    """What became of it."""

    asked: Asked
    frame: Frame | None
    """Of the newest checkpoint that is not later than the step asked for: it says of which step it is."""
    error: str = ""
    """A plain sentence, when there is no frame."""


Request = tuple[Asked, Callable[[Answer], object]]


class PastFrames:
    """A thread with a trainer of its own. All methods may be called from any thread.

    Of each key the latest request wins, and the final one is always answered, on this thread. The trainer computes with
    one thread of torch, draws from generators of its own, and shares nothing with the one that trains but the real
    data, which nobody writes to. The thread begins with the first request.
    """

    def __init__(self, probes: Callable[[], Mapping[str, type[Probe]]] | None = None):
        self._make_probes = probes or _all_probes
        self._changed = threading.Condition()
        self._waiting: dict[Hashable, Request] = {}
        self._folder: Path | None = None
        self._run = 0  # counts the runs that were followed
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="past", daemon=True)

    def follow(self, folder: Path | None) -> None:
        """The run whose past is asked for from now on; None while there is none. What was asked before is void."""
        with self._changed:
            self._folder = folder
            self._run += 1
            self._waiting.clear()
            self._changed.notify()

    def ask(
        self,
        key: Hashable,
        probe: str,
        options: Mapping[str, Any],
        branch: int,
        step: int,
        answer: Callable[[Answer], object],
    ) -> None:
        """Want a probe's frame of a branch after ``step`` steps; ``answer`` is called on the thread of the past."""
        with self._changed:
            if self._closing:
                return
            self._waiting.pop(key, None)
            self._waiting[key] = Asked(key, probe, dict(options), branch, step), answer
            if not self._thread.is_alive():
                self._thread.start()
            self._changed.notify()

    def close(self, timeout: float = 10.0) -> bool:
        """End the thread. Answers whether it ended in time."""
        with self._changed:
            self._closing = True
            self._waiting.clear()
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    # the thread of the past

    def _work(self) -> None:
        from ganstudio.runs.rerun import Rerun

        keep_to_one_core()
        probes, rerun, run = self._make_probes(), None, 0
        while (begun := self._next(run)) is not None:
            now, folder, request = begun
            if now != run:
                if rerun is not None:
                    rerun.close()
                run, rerun = now, None if folder is None else Rerun(folder, probes)
            if request is not None:
                asked, answer = request
                found = Answer(asked, None, "no run is open") if rerun is None else rerun.answer(asked)
                if not self._void(run):
                    answer(found)
        if rerun is not None:
            rerun.close()

    def _next(self, run: int) -> tuple[int, Path | None, Request | None] | None:
        """Sleep until there is another run than this, or a request: which run, where it lies, and the request.

        None when all ends.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing or run != self._run)
            if self._closing:
                return None
            first = next(iter(self._waiting), None)
            return self._run, self._folder, None if first is None else self._waiting.pop(first)

    def _void(self, run: int) -> bool:
        with self._changed:
            return run != self._run or self._closing


def _all_probes() -> Mapping[str, type[Probe]]:
    from ganstudio.probes.all import all_probes

    return all_probes()
