"""The session: a worker thread that trains, as everybody else sees it. It imports no torch: the worker does."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ganstudio.experiment.experiment import Experiment
from ganstudio.training.commands import Command
from ganstudio.training.contest import Contest
from ganstudio.training.events import Event
from ganstudio.training.history import History
from ganstudio.training.mailbox import Mailbox
from ganstudio.training.protocols import Judge, Keeper, Probe
from ganstudio.training.status import Status
from ganstudio.training.valves import Valves

if TYPE_CHECKING:
    from ganstudio.training.loop import Loop


class Session:
    """A worker thread with one trainer, or in a duel three. All methods may be called from any thread.

    ``probes``, ``keeper`` and ``judge`` are functions called on the worker once torch is in: they give the probes by
    name, who saves runs (None saves nothing), and who judges duels. ``device`` is ``auto``, ``cpu`` or ``cuda``;
    ``threads`` 0 measures how many serve best.
    """

    def __init__(
        self,
        *,
        probes: Callable[[], Mapping[str, type[Probe]]],
        keeper: Callable[[], Keeper | None] = lambda: None,
        judge: Callable[[], Judge | None] = lambda: None,
        device: str = "auto",
        threads: int = 0,
    ):
        self.wanted_device = device
        """As the session was told."""
        self._threads = threads
        self._make_probes, self._make_keeper, self._make_judge = probes, keeper, judge
        self._valves = Valves()
        self._loop: Loop | None = None
        self._thread = threading.Thread(target=self._work, name="training", daemon=True)

    def start(self) -> "Session":
        """Start the worker: it imports torch and the components, then follows commands."""
        self._thread.start()
        return self

    @property
    def status(self) -> Status:
        """What the session is doing."""
        return self._valves.status

    @property
    def history(self) -> History:
        """Valve 2: metrics of the open run; another object after each ``opened``."""
        return self._valves.history

    @property
    def experiment(self) -> Experiment | None:
        """The open experiment with all edits that have acted."""
        return self._valves.experiment

    @property
    def duel(self) -> Contest | None:
        """The duel that is on; another object at each look."""
        return self._valves.duel

    @property
    def idle(self) -> bool:
        """Whether no command waits, also none for a later step."""
        return self._valves.idle

    def post(self, command: Command) -> None:
        """Valve 1. Commands given before torch is in are kept and followed in order."""
        self._valves.post(command)

    def subscribe(self, probe: str, trainer: str = "main", **options: Any) -> Mailbox:
        """Valve 3: ask for a probe's frames of the trainer of this name. Nobody subscribed, no work."""
        return self._valves.subscribe(probe, options, trainer)

    def unsubscribe(self, mailbox: Mailbox) -> None:
        """End a subscription."""
        self._valves.unsubscribe(mailbox)

    def wake(self) -> None:
        """Tell a resting worker that a subscriber wants something (after ``take`` or new options)."""
        self._valves.wake()

    def events(self) -> list[Event]:
        """Valve 4: what happened since the last call, in order."""
        return self._valves.take_events()

    def hand_moves(self, moving: bool) -> None:
        """Valve 5's courtesy: while an answer is being made for a moving hand, the next step waits a moment.

        Each True wants its False.
        """
        self._valves.hand_moves(moving)

    def close(self, timeout: float = 30.0) -> bool:
        """Stop, save and end the worker. Answers whether it ended in time (at once when it never began)."""
        self._valves.close()
        if self._thread.is_alive():
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def weights_sha256(self) -> str:
        """Fingerprint of the open run's players and average; only once the session is closed, and nothing moves."""
        assert not self._thread.is_alive()
        assert self._loop is not None
        assert self._loop.trainer is not None
        return self._loop.trainer.weights_sha256()

    def _work(self) -> None:
        # The first import of torch, seconds long: the window stands there already.
        from ganstudio.training.loop import Loop

        self._loop = Loop(self._valves, self._threads)
        self._loop.run(self.wanted_device, self._make_probes, self._make_keeper, self._make_judge)
