"""Valve 5: the explorer answers requests beside the trainer, from its own copy of G. Imports torch in its thread only.

It sleeps on a condition until there is something to do: a request, or new weights that somebody wants to see.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.requests import Answer, Asked, Render, Request
from ganstudio.training.cores import keep_to_one_core
from ganstudio.training.mailbox import Mailbox
from ganstudio.training.session import Session

if TYPE_CHECKING:
    from ganstudio.latent.replica import Replica
    from ganstudio.probes.generator import GeneratorFrame

REFRESH_SECONDS = 0.25
"""How often new weights are taken at the most: each time costs the trainer a copy of G."""

log = logging.getLogger(__name__)

Key = tuple[str, type]
"""A client and a kind of request: of these the latest wins."""


class Explorer:
    """A thread that answers. All methods may be called from any thread.

    Of each client's requests of a kind the latest wins, and the final one is always answered. ``answered`` is called on
    the explorer's thread when answers lie ready, once until somebody takes them. The thread starts when first needed.
    """

    def __init__(self, session: Session, answered: Callable[[], object]):
        self._session, self._answered = session, answered
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._work, name="explorer", daemon=True)
        self._closing = False
        self._number = 0
        self._pending: dict[Key, Asked] = {}
        self._answers: dict[Key, Answer] = {}
        self._told = False
        self._renders: dict[str, Asked] = {}  # each client's last, to be answered again when G has moved on
        self._following: set[str] = set()
        self._live = False
        self._mailbox: Mailbox | None = None
        self._opening = 0  # counts the trainers that were followed: answers of an earlier one are thrown away
        self._replica: Replica | None = None
        self._fresh = False  # new weights lie in the mailbox, or it has failed
        self._refused = False  # no copy could be had of the last weights
        self._refreshed = 0.0
        self._past: GeneratorFrame | None = None  # what is looked back at
        self._turned = False  # it is another than the copy of G

    # for everybody

    def ask(self, request: Request, client: str = "") -> int:
        """Ask for something; answers the request's number. It waits until there are weights to answer it from."""
        with self._wake:
            self._number += 1
            asked = Asked(client, self._number, request)
            self._pending[client, type(request)] = asked
            if isinstance(request, Render):
                self._renders[client] = asked
            if self._refused and self._mailbox is not None:
                # The same weights once more: a run at rest brings no others, and the answer must come.
                self._refused, self._turned = False, self._past is not None
                self._ask_anew(self._mailbox)
            self._begin()
            return self._number

    def take(self, client: str = "") -> list[Answer]:
        """The newest answers to this client, at most one of each kind, oldest first. Each is given once."""
        with self._wake:
            self._told = False
            return [self._answers.pop(key) for key in list(self._answers) if key[0] == client]

    def follow(self, client: str, following: bool) -> None:
        """While following, a client's last ``Render`` is answered again whenever G has moved on."""
        with self._wake:
            if following:
                self._following.add(client)
                self._begin()
            else:
                self._following.discard(client)

    @property
    def live(self) -> bool:
        """Whether G is seen as it trains; else its running average."""
        return self._live

    @live.setter
    def live(self, live: bool) -> None:
        with self._wake:
            self._live = live
            if self._mailbox is None:
                return
            self._ask_anew(self._mailbox)

    def look_back(self, frame: "GeneratorFrame | None") -> None:
        """Answer from G as it was then, whatever it learns meanwhile; None returns to the present."""
        with self._wake:
            if frame is self._past:
                return
            self._past, self._turned = frame, frame is not None
            if frame is None and self._mailbox is not None:
                self._replica = None  # what is asked now waits for the present
                self._ask_anew(self._mailbox)
            self._wake.notify()

    def _ask_anew(self, mailbox: Mailbox) -> None:
        """Have G's weights copied, though it may not have moved. The lock is held."""
        if self._closing:
            return
        if mailbox.failed:
            self._subscribe()
            return
        mailbox.options = {"live": self._live}
        mailbox.take()  # what lies there shows other ones, or has been there for long
        self._fresh, self._refreshed = False, 0.0
        self._session.wake()

    def reopen(self) -> None:
        """Another trainer stands ready: whatever was asked of the old one is void."""
        with self._wake:
            self._opening += 1
            self._replica = self._past = None
            self._turned = self._refused = False
            self._pending.clear()
            self._answers.clear()
            self._renders.clear()
            if self._mailbox is not None and not self._closing:
                # A fresh subscription can only bring weights of the new trainer.
                self._session.unsubscribe(self._mailbox)
                self._subscribe()

    def close(self, timeout: float = 10.0) -> bool:
        """End the subscription and the thread. What nobody took is dropped. Answers whether it ended in time."""
        with self._wake:
            self._closing = True
            self._wake.notify()
            if self._mailbox is not None:
                self._session.unsubscribe(self._mailbox)
        if self._thread.is_alive():
            self._thread.join(timeout)
        with self._wake:
            self._answers.clear()
        return not self._thread.is_alive()

    def _begin(self) -> None:
        """Have the thread look at what is new. The lock is held."""
        if self._closing:
            return
        if self._mailbox is None:
            self._subscribe()
            self._thread.start()
        self._wake.notify()

    def _subscribe(self) -> None:
        self._fresh, self._refreshed = False, 0.0
        self._mailbox = self._session.subscribe("generator", live=self._live)
        self._mailbox.arrived = self._arrived

    def _arrived(self) -> None:
        """On the training thread: new weights lie ready."""
        with self._wake:
            self._fresh = True
            self._wake.notify()

    # the explorer's thread

    def _work(self) -> None:
        while True:
            with self._wake:
                while not (self._closing or self._refreshes() or self._answers_one()):
                    self._wake.wait(self._patience())
                if self._closing:
                    return
                opening = self._opening
                failed, frame = "", None
                if self._refreshes():
                    frame = self._take_frame()
                    failed = self._mailbox.failed if frame is None and self._mailbox is not None else ""
            if frame is not None:
                self._refresh(frame, opening)
            elif failed:
                self._refuse(None, failed, opening)
            with self._wake:
                if not self._answers_one() or opening != self._opening:
                    continue
                asked = self._pending.pop(next(iter(self._pending)))
                replica = self._replica
            assert replica is not None
            self._answer(replica, asked, opening)

    def _refreshes(self) -> bool:
        """Whether new weights should be taken now: there are some, somebody cares, and the last are old enough."""
        wanted = bool(self._following or self._pending)
        return wanted and (self._turned if self._past is not None else self._fresh and self._wait_left() <= 0)

    def _answers_one(self) -> bool:
        return bool(self._pending) and self._replica is not None

    def _wait_left(self) -> float:
        return self._refreshed + REFRESH_SECONDS - perf_counter()

    def _patience(self) -> float | None:
        """How long to sleep: until the next refresh, or until somebody knocks."""
        present = self._fresh and self._past is None
        return max(0.0, self._wait_left()) if present and self._following else None

    def _take_frame(self) -> "GeneratorFrame | None":
        if self._past is not None:
            self._turned = False
            return self._past
        assert self._mailbox is not None
        self._fresh = False
        frame = self._mailbox.take()
        if frame is not None:
            self._refreshed = perf_counter()
        return frame

    def _refresh(self, frame: "GeneratorFrame", opening: int) -> None:
        """New weights into the copy of G; whoever follows is answered again."""
        from ganstudio.latent.replica import Replica

        keep_to_one_core()
        replica = self._replica
        try:
            if replica is not None and replica.fits(frame):
                replica.load(frame)
            else:
                replica = Replica(frame)
        except Exception as problem:
            self._refuse(frame, sentence(problem), opening)
            return
        with self._wake:
            if opening != self._opening:
                return
            self._replica, self._refused = replica, False
            for client in self._following & self._renders.keys():
                self._pending.setdefault((client, Render), replace(self._renders[client], again=True))

    def _refuse(self, frame: "GeneratorFrame | None", error: str, opening: int) -> None:
        """No copy of G can be had: say so to all who wait for one. Whoever asks next has it tried again."""
        with self._wake:
            if opening != self._opening:
                return  # who waits now asked another trainer
            self._replica, self._refused = None, True  # half of the weights may be in it
            waiting = list(self._pending.values())
            self._pending.clear()
            step, trainer, live = (frame.step, frame.trainer, frame.live) if frame else (0, "main", self._live)
        for asked in waiting:
            self._publish(Answer(asked, None, step, trainer, live, None, error), opening)

    def _answer(self, replica: "Replica", asked: Asked, opening: int) -> None:
        value, error = None, ""
        if not asked.again:
            self._session.hand_moves(True)
        try:
            value = replica.answer(asked.request)
        except Exception as problem:
            error = sentence(problem)
        finally:
            if not asked.again:
                self._session.hand_moves(False)
        frame = replica.frame
        answer = Answer(asked, value, frame.step, frame.trainer, frame.live, replica.prior, error)
        self._publish(answer, opening)

    def _publish(self, answer: Answer, opening: int) -> None:
        with self._wake:
            if opening != self._opening or self._closing:
                return
            key = (answer.asked.client, type(answer.asked.request))
            self._answers.pop(key, None)
            self._answers[key] = answer
            told, self._told = self._told, True
        if not told:
            self._answered()


def sentence(problem: Exception) -> str:
    """What went wrong, for people: errors travel as data. One that nobody can mend is logged with its traceback."""
    if isinstance(problem, StudioError):
        return str(problem)
    log.error("the explorer failed", exc_info=problem)
    return f"The explorer failed: {type(problem).__name__}: {problem}"
