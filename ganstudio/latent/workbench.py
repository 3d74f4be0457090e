"""Valve 5 for what takes long: a thread that works at studies, a slice of each in turn. Imports torch in it only."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ganstudio.latent.explorer import Key, sentence
from ganstudio.latent.requests import Answer, Asked, Study
from ganstudio.training.cores import keep_to_one_core
from ganstudio.training.session import Session

if TYPE_CHECKING:
    from ganstudio.latent.workshop import Workshop
    from ganstudio.probes.generator import GeneratorFrame

EAGER_SECONDS = 2.0
"""For so long after a study was asked for, training yields to it: somebody waits for its first answer."""


@dataclass
class _Work:
    """A study in progress."""

    asked: Asked
    workshop: "Workshop"
    slices: Iterator[tuple[float, Any]]
    value: Any = None
    """Its last."""


class Workbench:
    """All methods may be called from any thread.

    Of each client's studies of a kind the latest wins: the one before it is given up between two of its slices, yet not
    before its first, so that a client who asks without a pause is answered too. What was just asked for and what is in
    progress take turns. Each study keeps the players that it began with. ``answered`` is called on the workbench's
    thread when answers lie ready, once until somebody takes them. The thread starts when first needed.
    """

    def __init__(self, session: Session, answered: Callable[[], object]):
        self._session, self._answered = session, answered
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._loop, name="workbench", daemon=True)
        self._closing = self._told = False
        self._number = 0
        self._latest: dict[Key, int] = {}  # what is still wanted; answers to anything else are thrown away …
        self._first = -1  # … but to this one: its first slice is worked at
        self._since: dict[Key, int] = {}  # no request before this one counts: they were given up
        self._waiting: dict[Key, Asked] = {}
        self._works: dict[Key, _Work] = {}  # written by the workbench's thread, under the lock
        self._answers: dict[Key, Answer] = {}
        self._past: GeneratorFrame | None = None
        self._kept: dict[str, Any] = {}  # of one trainer
        self.live = False
        """Whether studies look at G as it trains; else at its running average."""

    # for everybody

    def ask(self, request: Study, client: str = "") -> int:
        """Ask for a study; answers the request's number. It waits until a trainer is open."""
        with self._wake:
            self._number += 1
            key = (client, type(request))
            for found in (self._works, self._answers):
                found.pop(key, None)
            self._since.setdefault(key, self._number)
            self._latest[key] = self._number
            self._waiting[key] = Asked(client, self._number, request)  # in the place of one that waits already
            if not self._closing and not self._thread.is_alive():
                self._thread.start()
            self._wake.notify_all()
            return self._number

    def cancel(self, kind: type[Study], client: str = "") -> None:
        """Give a client's study of this kind up; nothing more comes of it."""
        with self._wake:
            self._drop((client, kind))
            self._wake.notify_all()

    def take(self, client: str = "") -> list[Answer]:
        """The newest answers to this client, at most one of each kind, oldest first. Each is given once."""
        with self._wake:
            self._told = False
            return [self._answers.pop(key) for key in list(self._answers) if key[0] == client]

    def look_back(self, frame: "GeneratorFrame | None") -> None:
        """Studies that begin from now on look at G as it was then; None returns to the present."""
        with self._wake:
            self._past = frame

    def reopen(self) -> None:
        """Another trainer stands ready: whatever was asked of the old one is void."""
        with self._wake:
            self._past, self._kept = None, {}
            for found in (self._latest, self._since, self._waiting, self._works, self._answers):
                found.clear()
            self._wake.notify_all()

    def close(self, timeout: float = 10.0) -> bool:
        """End the thread. What nobody took is dropped. Answers whether it ended in time."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout)
        with self._wake:
            self._answers.clear()
        return not self._thread.is_alive()

    def _drop(self, key: Key) -> None:
        """Forget all of it. The lock is held."""
        for found in (self._latest, self._since, self._waiting, self._works, self._answers):
            found.pop(key, None)

    def _wanted(self, asked: Asked) -> bool:
        key = (asked.client, type(asked.request))
        if self._closing or key not in self._latest:
            return False
        return self._latest[key] == asked.number or self._since[key] <= asked.number == self._first

    # the workbench's thread

    def _loop(self) -> None:
        begins = False
        while True:
            with self._wake:
                while not (self._closing or self._waiting or self._works):
                    self._wake.wait()
                if self._closing:
                    return
                # Else one who asks without a pause would never let the others work.
                begins = bool(self._waiting) and not (begins and self._works)
                key = next(iter(self._waiting if begins else self._works))
                work, since = self._works.pop(key, None), self._since[key]
            if begins:
                work = self._begun(key, since)
            goes_on = work is not None and self._further(work)
            with self._wake:
                self._first = -1
                if goes_on and self._wanted(work.asked):
                    self._works[key] = work

    def _begun(self, key: Key, since: int) -> _Work | None:
        """The latest study that was asked for when G is there; None if it was given up or cannot begin."""
        from ganstudio.latent.studies import STUDIES
        from ganstudio.latent.workshop import GivenUp, Workshop, errand

        keep_to_one_core()
        frame, error = None, ""
        try:
            fetch = errand(self._session, self._wake, lambda: self._closing or self._since.get(key) != since)
            frame = self._past or fetch("generator", live=self.live)
        except GivenUp:
            return None
        except Exception as problem:
            error = sentence(problem)
        with self._wake:
            if self._since.get(key) != since:
                return None
            asked = self._waiting.pop(key)
            self._first, kept = asked.number, self._kept
        if frame is not None:
            try:
                workshop = Workshop(errand(self._session, self._wake, lambda: not self._wanted(asked)), frame, kept)
                return _Work(asked, workshop, STUDIES[type(asked.request)](workshop, asked.request))
            except Exception as problem:
                error = sentence(problem)
        self._publish(Answer(asked, None, 0, "main", self.live, None, error))
        return None

    def _further(self, work: _Work) -> bool:
        """One slice of a study, and its answer. Answers whether there is more to do."""
        from ganstudio.latent.workshop import GivenUp

        eager = not work.asked.request.patient and perf_counter() - work.asked.at < EAGER_SECONDS
        value, error, share = None, "", 1.0
        if eager:
            self._session.hand_moves(True)
        try:
            share, value = next(work.slices)
        except GivenUp:
            return False
        except StopIteration:
            value = work.value  # a study that stops short of share 1 is over all the same
            error = "" if value is not None else "the study ended without a result"
        except Exception as problem:
            error = sentence(problem)
        finally:
            if eager:
                self._session.hand_moves(False)
        work.value = value
        frame, prior = work.workshop.frame, work.workshop.prior
        self._publish(Answer(work.asked, value, frame.step, frame.trainer, frame.live, prior, error, share))
        return not error and share < 1.0

    def _publish(self, answer: Answer) -> None:
        key = (answer.asked.client, type(answer.asked.request))
        with self._wake:
            if not self._wanted(answer.asked):
                return
            self._answers.pop(key, None)
            self._answers[key] = answer
            told, self._told = self._told, True
        if not told:
            self._answered()
