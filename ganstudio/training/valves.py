"""The five valves between the worker and everybody else. This is the one file in which threads meet.

It imports no torch, so that a window can post commands and subscribe before PyTorch is in.
"""

import threading
from collections import deque
from collections.abc import Sequence
from typing import Any

from ganstudio.experiment.experiment import Experiment
from ganstudio.training.commands import Command, Forget, Open
from ganstudio.training.contest import Contest
from ganstudio.training.events import Event
from ganstudio.training.history import History
from ganstudio.training.mailbox import Mailbox
from ganstudio.training.status import Status

REST_SECONDS = 0.05
"""How long a resting worker sleeps before it looks whether a subscriber has taken its frame."""
YIELD_SECONDS = 0.03
"""The longest that a step is put off while a hand moves a slider."""


class Valves:
    """Commands in; metrics, frames and events out; and the courtesy towards a moving hand.

    ``status``, ``history``, ``experiment`` and ``duel`` are replaced whole by the worker and may be read at any time.
    """

    def __init__(self) -> None:
        self.status = Status()
        self.history = History(())
        self.experiment: Experiment | None = None
        self.duel: Contest | None = None
        self._commands: deque[Command] = deque()
        self._ahead = 0  # how many of them were posted before the one that was taken out last
        self._events: deque[Event] = deque()
        self._mailboxes: tuple[Mailbox, ...] = ()
        self._changed = threading.Condition()
        self._hands = 0  # answers that are being made for a moving hand
        self.closing = False
        self.interrupted = False
        """Whether a long piece of work should be given up: something else was opened, or all ends."""

    # everybody's side

    def post(self, command: Command) -> None:
        """Valve 1, in."""
        with self._changed:
            self._commands.append(command)
            self.interrupted = self.interrupted or isinstance(command, Open)
            self._changed.notify_all()

    def subscribe(self, probe: str, options: dict[str, Any], trainer: str = "main") -> Mailbox:
        """Valve 3, a new subscription to the trainer of this name."""
        mailbox = Mailbox(probe, options, trainer)
        with self._changed:
            self._mailboxes = (*self._mailboxes, mailbox)
            self._changed.notify_all()
        return mailbox

    def unsubscribe(self, mailbox: Mailbox) -> None:
        """Valve 3, the end of one."""
        with self._changed:
            self._mailboxes = tuple(one for one in self._mailboxes if one is not mailbox)

    def take_events(self) -> list[Event]:
        """Valve 4, out: what happened since the last call, in order."""
        found = []
        while self._events:
            found.append(self._events.popleft())
        return found

    def hand_moves(self, moving: bool) -> None:
        """Valve 5's courtesy: an answer is being made for a moving hand, or it is made. Each True wants its False."""
        with self._changed:
            self._hands += 1 if moving else -1
            self._changed.notify_all()

    def wake(self) -> None:
        """Let a resting worker look around."""
        with self._changed:
            self._changed.notify_all()

    def close(self) -> None:
        """Ask the worker to end."""
        with self._changed:
            self.closing = self.interrupted = True
            self._changed.notify_all()

    # the worker's side

    @property
    def mailboxes(self) -> tuple[Mailbox, ...]:
        """The subscriptions of the moment."""
        return self._mailboxes

    @property
    def idle(self) -> bool:
        """Whether no command waits, also none for a later step."""
        return not self._commands

    def next_command(self, step: int) -> Command | None:
        """The first command that acts after ``step`` completed steps, taken out; None when there is none."""
        with self._changed:
            due = self._due(step)
            if due is not None:
                if isinstance(due, Open | Forget):  # what was to be done later was meant for the run before
                    while self._commands[0] is not due:
                        self._commands.popleft()
                self._ahead = self._commands.index(due)
                self._commands.remove(due)
                self.interrupted = self.closing or any(isinstance(one, Open) for one in self._commands)
            return due

    @property
    def waiting(self) -> list[Command]:
        """The commands that have not been taken out, in order."""
        with self._changed:
            return list(self._commands)

    @property
    def passed_over(self) -> list[Command]:
        """Those of them that were posted before the command that was taken out last: they wait for a later step."""
        with self._changed:
            return list(self._commands)[: self._ahead]

    def put_back(self, commands: Sequence[Command]) -> None:
        """Let these wait in place of what was posted before the command that was taken out last."""
        with self._changed:
            for _ in range(self._ahead):
                self._commands.popleft()
            self._commands.extendleft(reversed(commands))
            self._ahead = len(commands)

    def _due(self, step: int) -> Command | None:
        return next((one for one in self._commands if one.at is None or one.at <= step), None)

    def tell(self, event: Event) -> None:
        """Valve 4, in."""
        self._events.append(event)

    def rest(self, step: int, seconds: float = REST_SECONDS) -> None:
        """Sleep until something happens, or for so many ``seconds``, ``REST_SECONDS`` at the most."""
        with self._changed:
            if not self.closing and self._due(step) is None:
                self._changed.wait(min(seconds, REST_SECONDS))

    def yield_to_hand(self) -> None:
        """Put the next step off for a moment while an answer is being made."""
        if self._hands:
            with self._changed:
                self._changed.wait_for(lambda: not self._hands or self.closing, YIELD_SECONDS)
