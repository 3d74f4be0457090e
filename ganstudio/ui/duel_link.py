"""The Duel panel's end of the valves: frames of both sides, taken in pairs so that they are compared fairly."""

from typing import TYPE_CHECKING, Any

from ganstudio.training.contest import Contest
from ganstudio.training.mailbox import Mailbox
from ganstudio.training.session import Session

if TYPE_CHECKING:
    from ganstudio.training.mailbox import Frame

SIDES = ("left", "right")


class DuelLink:
    """Subscriptions to the same probes on both sides, by a name of the panel's own."""

    def __init__(self, session: Session):
        self._session = session
        self._boxes: dict[str, dict[str, Mailbox]] = {}
        self._held: dict[str, dict[str, Frame]] = {}

    def ask(self, name: str, probe: str, **options: Any) -> None:
        """Subscribe both sides to a probe, or ask for other frames of it."""
        boxes = self._boxes.get(name)
        if boxes is None:
            self._boxes[name] = {side: self._session.subscribe(probe, side, **options) for side in SIDES}
            self._held[name] = {}
            return
        for box in boxes.values():
            box.options = options
        self._session.wake()

    def boxes(self, name: str) -> tuple[Mailbox, ...]:
        """The subscriptions of this name."""
        return tuple(self._boxes.get(name, {}).values())

    def take(self, name: str, contest: Contest) -> "dict[str, Frame]":
        """New frames by side: both, or the one of a side that goes on alone; none before they are there."""
        held = self._held.get(name)
        if held is None:
            return {}
        for side, box in self._boxes[name].items():
            if side not in held:
                frame = box.take()
                if frame is not None:
                    held[side] = frame
        alone = bool(contest.left.failure or contest.right.failure)
        if not held or (len(held) < len(SIDES) and not alone):
            return {}
        self._held[name] = {}
        return held

    def close(self) -> None:
        """End all subscriptions."""
        for boxes in self._boxes.values():
            for box in boxes.values():
                self._session.unsubscribe(box)
        self._boxes.clear()
        self._held.clear()
