"""Which of many saved moments stay: the newest few, then exponentially fewer with age. Pure functions."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

NEWEST = 4
"""So many of each line stay whatever their distance."""
SPACING = 1 / 12
"""The mean gap that a moment's loss may leave on its two sides, as a share of its age: it goes as long as that is
smaller. A tenfold age then has about 20 moments."""
PREFERRED = 4.0
"""How many times wider a preferred moment's gap counts."""


@dataclass(frozen=True)
class Moment:
    """Something saved after ``step`` completed steps of a line (a branch)."""

    key: Hashable
    line: int
    step: int
    size: int
    """Bytes."""
    preferred: bool = False
    """Goes later than others of its age."""
    needed: bool = False
    """Never goes."""


def superfluous(moments: Iterable[Moment], budget: int) -> list[Hashable]:
    """Keys of the moments to let go: those too close to their neighbours for their age, and more until all fit.

    Each line's newest stays, and what is needed, even beyond the budget of bytes.
    """
    kept = list(moments)
    gone: list[Hashable] = []
    total = sum(one.size for one in kept)
    for enough in (NEWEST, 1):
        while True:
            gaps = _gaps(kept, enough)
            least = min(gaps, key=lambda entry: entry[0], default=None)
            crowded = least is not None and enough == NEWEST and least[0] < SPACING
            if least is None or not (crowded or total > budget):
                break
            kept.remove(least[1])
            gone.append(least[1].key)
            total -= least[1].size
        if total <= budget:
            break
    return gone


def _gaps(moments: Sequence[Moment], newest: int) -> list[tuple[float, Moment]]:
    """For each that may go: the gap that it would leave, in ages."""
    lines: dict[int, list[Moment]] = {}
    for one in moments:
        lines.setdefault(one.line, []).append(one)
    found = []
    for line in lines.values():
        line.sort(key=lambda one: one.step)
        last = line[-1].step
        for index, one in enumerate(line[:-newest]):
            if one.needed:
                continue
            before = line[index - 1].step if index else 0
            gap = (line[index + 1].step - before) / 2 * (PREFERRED if one.preferred else 1)
            found.append((gap / max(1, last - one.step), one))
    return found
