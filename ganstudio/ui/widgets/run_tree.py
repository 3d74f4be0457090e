"""The tree of a run's branches as it is drawn and compared. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from ganstudio.runs.store import Checkpoint, Store
from ganstudio.runs.tree import Branch


@dataclass(frozen=True)
class RunTree:
    """What is drawn. ``ends``: steps at each branch's end."""

    branches: Sequence[Branch]
    ends: dict[int, int]
    checkpoints: Sequence[Checkpoint]
    current: int

    @classmethod
    def of(cls, store: Store) -> "RunTree":
        """Read from a run's store."""
        branches = store.branches()
        ends = {one.id: store.end(one.id) for one in branches}
        return cls(branches, ends, store.checkpoints(), store.about().branch)

    def lanes(self) -> dict[int, int]:
        """Branch → row from the top: children below their parent, the latest fork first, so that few lines cross."""
        children: dict[int | None, list[Branch]] = {}
        for one in self.branches:
            children.setdefault(one.parent, []).append(one)
        found: dict[int, int] = {}
        waiting = sorted(children.get(None, []), key=lambda one: -one.id)
        while waiting:
            one = waiting.pop()
            found[one.id] = len(found)
            waiting += sorted(children.get(one.id, []), key=lambda child: (child.step, -child.id))
        return found

    def name(self, branch: int) -> str:
        """For people."""
        return next((one.title for one in self.branches if one.id == branch), "") or f"branch {branch}"
