"""Valve 3: one slot a subscriber, the latest wins, filled only on demand."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Frame:
    """What a probe saw after ``step`` completed steps of ``trainer``: a subclass adds plain arrays and numbers.

    An array in a published frame is never written again: a view of it may be on screen.
    """

    step: int
    trainer: str

    @property
    def complete(self) -> bool:
        """Whether all of it was seen in this state. After an incomplete frame another is made though nothing moves."""
        return True


class Mailbox:
    """One subscription to a probe. The worker ``put``s when ``wanted``; the subscriber ``take``s, and so asks for more.

    Python's own atomicity of attribute access is all the locking that one writer and one reader need. A frame that is
    computed beside the worker is ``put`` from there; until then the worker leaves the mailbox alone.
    """

    def __init__(self, probe: str, options: dict[str, Any], trainer: str = "main"):
        self.probe = probe
        self.trainer = trainer
        """Name of the trainer that is looked at."""
        self.taken = 0
        """Frames taken so far."""
        self.arrived: Callable[[], object] = lambda: None
        """Called on the worker after each ``put``, ``refuse`` or ``fail``, for a subscriber that sleeps until then."""
        self.failed = ""
        """Why nothing comes: the probe gave up for good, or the data that it needs are absent."""
        self.seconds = 0.0
        """What a frame costs the worker, a running mean."""
        self.seconds_aside = 0.0
        """Processor time of computing a frame beside the worker, a running mean; 0 where the worker does all."""
        self._options = self._used = options
        self._slot: deque[Frame] = deque(maxlen=1)
        self._wanted = True
        self._seen: Any = None

    @property
    def options(self) -> dict[str, Any]:
        """What the subscriber wants to see, as the probe's ``frame`` takes it. Read by the worker for each frame."""
        self._used = self._options
        return self._used

    @options.setter
    def options(self, options: dict[str, Any]) -> None:
        self._options = options
        self._seen = None
        self._wanted = True

    # the subscriber's side

    def take(self) -> Frame | None:
        """The newest frame, once; None when there is nothing new. Taking one asks for the next."""
        try:
            # One operation: a frame put meanwhile must not be thrown away unseen.
            frame = self._slot.popleft()
        except IndexError:
            return None
        self.taken += 1
        self._wanted = True
        return frame

    # the worker's side

    def wanted(self, version: Any) -> bool:
        """Whether a frame should be made: the last one is taken, and there is something new to see."""
        return self._wanted and self._seen != version

    def put(self, frame: Frame, version: Any) -> None:
        """Publish; ``version`` names what was seen, so that nothing is made twice."""
        self._wanted, self.failed = False, ""
        self._slot.append(frame)
        self._seen = version if frame.complete else None
        # New options may have come while the frame was made: a run at rest would otherwise never show them.
        if self._used is not self._options:
            self._seen = None
        self.arrived()

    def refuse(self, reason: str, version: Any) -> None:
        """Tell the subscriber why there is nothing to see of ``version``; of another there may be."""
        self._seen, self.failed = version, reason
        self.arrived()

    def fail(self, reason: str) -> None:
        """Tell the subscriber that nothing will come any more."""
        self.failed = reason
        self.arrived()
