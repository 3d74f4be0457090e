"""The one thread that writes runs to disk, beside training."""

import errno
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from time import perf_counter

from ganstudio.runs.jobs import Job, Waiting
from ganstudio.training.cores import keep_to_one_core
from ganstudio.training.events import Event

FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class Writer:
    """Takes jobs in order and writes them with ``write``, which may raise. What fails is kept, told once, and tried
    again when more is put, not sooner than ``retry`` seconds later.
    """

    def __init__(self, write: Callable[[Job], None], news: deque[Event], retry: float):
        self._write, self._news, self._retry = write, news, retry
        self._changed = threading.Condition()
        self._waiting = Waiting()
        self._thread: threading.Thread | None = None
        self._failed_at: float | None = None
        self._warned = False

    def put(self, job: Job, now: bool = False) -> None:
        """Have a job written; ``now`` tries at once, though something has just failed."""
        with self._changed:
            self._waiting.put(job)
        self.nudge(now)

    def nudge(self, now: bool = False) -> None:
        """Try what has failed again, if it is time."""
        with self._changed:
            rested = self._failed_at is None or perf_counter() - self._failed_at >= self._retry
            if self._waiting and self._thread is None and (now or rested):
                self._thread = threading.Thread(target=self._work, name="keeper", daemon=True)
                self._thread.start()

    def wait(self) -> bool:
        """Until all is written, or something cannot be. Answers whether nothing waits any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._thread is None)
            return not self._waiting

    def drop(self, run: object) -> None:
        """Forget what waits of a run."""
        with self._changed:
            self._waiting.drop(run)

    def warn(self, step: int, sentence: str) -> None:
        """Say once what is wrong, until something has been written."""
        if not self._warned:
            self._warned = True
            again = " Training goes on, and saving is tried again later."
            self._news.append(Event("warned", step, sentence + again))

    def _work(self) -> None:
        keep_to_one_core()
        while True:
            with self._changed:
                if not self._waiting:
                    self._thread = None
                    self._changed.notify_all()
                    return
                job = self._waiting.jobs.popleft()
            try:
                self._write(job)
            except Exception as error:  # training must go on, whatever the disk does
                self.warn(job.first + len(job.rows), f"{reason(error)}, so the run cannot be saved{where(error)}.")
                with self._changed:
                    self._waiting.put_back(job)
                    self._failed_at, self._thread = perf_counter(), None
                    self._changed.notify_all()
                return
            self._failed_at, self._warned = None, False


def reason(error: BaseException) -> str:
    """Why nothing could be written, as the head of a sentence."""
    cause = error.__cause__ if isinstance(error.__cause__, OSError | sqlite3.Error) else error
    if isinstance(cause, OSError):
        if cause.errno in FULL:
            return "The disk is full"
        if cause.errno == errno.ENOENT:
            return "The folder is gone"
        return f"The disk refuses ({cause.strerror or cause})"
    if isinstance(cause, sqlite3.Error):
        return "The disk is full" if "full" in str(cause) else f"The disk refuses ({cause})"
    return f"Saving failed ({type(error).__name__}: {error})"


def where(error: BaseException) -> str:
    """The file or folder at fault, if the error names one, as the end of a sentence."""
    name = getattr(error, "filename", None) or getattr(error, "field", "")
    return f" in {name}" if name else ""
