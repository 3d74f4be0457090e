"""Metrics in the store: rows of float32 in blocks of a few hundred steps, each branch its own. Needs no torch.

Each block has a checksum. One that is damaged is left out, and no later save makes it look whole.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ganstudio.data.memory import check_room
from ganstudio.runs.checksums import BROKEN, checksum, intact
from ganstudio.runs.tree import Stretch

ROWS = 512
"""Rows a block: it is rewritten while it grows, every two seconds or so."""
MOST_NAMED = 4
"""Damaged parts that a sentence names."""
COLUMNS = "SELECT first, width, content, checksum FROM metrics WHERE branch = ?"


@dataclass(frozen=True)
class Block:
    """One of them, as it is found."""

    first: int
    rows: np.ndarray | None
    """(rows, width) float32; None where it is damaged."""
    end: int
    """One past its last row; of a damaged one as far as its size tells."""


@dataclass(frozen=True)
class Stored:
    """What is read of a stretch of a run."""

    rows: np.ndarray
    """(n, width) float32; NaN where nothing is recorded, or what is cannot be believed."""
    damaged: tuple[tuple[int, int], ...] = ()
    """The first and the last step of each part that cannot, counted from 1, by step."""

    def reaching(self, steps: int) -> "Stored":
        """The same of a run that is known to have made so many steps: what it lacks at the end was lost."""
        lost = ((len(self.rows) + 1, steps),) if len(self.rows) < steps else ()
        return replace(self, damaged=(*self.damaged, *lost))

    def sentence(self, source: str) -> str:
        """What is left out of the run whose store is ``source``; empty when nothing is."""
        joined: list[list[int]] = []
        for first, last in self.damaged:
            if joined and joined[-1][1] + 1 == first:
                joined[-1][1] = last
            else:
                joined.append([first, last])
        if not joined:
            return ""
        parts = [f"{first:,} … {last:,}" for first, last in joined[:MOST_NAMED]]
        if len(joined) > MOST_NAMED:
            parts.append(f"{len(joined) - MOST_NAMED:,} more parts")
        steps = " and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
        return f"{source}: the metrics of steps {steps} are damaged on the disk and left out."


def append(connection: sqlite3.Connection, branch: int, first: int, rows: np.ndarray) -> None:
    """Rows (n, width) float32 from row ``first`` on; what the branch has from there on is replaced."""
    cut(connection, branch, first)
    if not len(rows):
        return
    width = rows.shape[1]
    last = next(_blocks(connection, branch, "ORDER BY first DESC LIMIT 1"), None)
    whole = last is not None and last.rows is not None and last.rows.shape[1] == width
    if whole and last.end == first and first - last.first < ROWS:
        first, rows = last.first, np.concatenate([last.rows, rows])
    pieces = []
    for at in range(0, len(rows), ROWS):
        content = np.ascontiguousarray(rows[at : at + ROWS], "<f4").tobytes()
        pieces.append((branch, first + at, width, content, checksum(content, branch, first + at, width)))
    connection.executemany(
        "INSERT OR REPLACE INTO metrics (branch, first, width, content, checksum) VALUES (?, ?, ?, ?, ?)", pieces
    )


def cut(connection: sqlite3.Connection, branch: int, first: int) -> None:
    """Forget a branch's rows from ``first`` on."""
    for block in list(_blocks(connection, branch, "AND first > ? AND first < ?", first - ROWS, first)):
        if block.end <= first:
            continue
        if block.rows is None:
            change = "content = substr(content, 1, 4 * width * ?), checksum = ?"
            values: tuple = (first - block.first, BROKEN)
        else:
            content = block.rows[: first - block.first].tobytes()
            change = "content = ?, checksum = ?"
            values = (content, checksum(content, branch, block.first, block.rows.shape[1]))
        connection.execute(
            f"UPDATE metrics SET {change} WHERE branch = ? AND first = ?", (*values, branch, block.first)
        )
    connection.execute("DELETE FROM metrics WHERE branch = ? AND first >= ?", (branch, first))


def end(connection: sqlite3.Connection, branch: int, start: int = 0) -> int:
    """One past the newest row of a branch that forks at ``start``; that where it has none.

    A damaged block counts where it goes on from the one before: its place may be what is damaged.
    """
    loose: list[Block] = []
    for block in _blocks(connection, branch, "ORDER BY first DESC"):
        if block.rows is None:
            loose.append(block)
            continue
        return _joined(block.end, loose)
    return _joined(start, loose)


def _joined(at: int, loose: Sequence[Block]) -> int:
    """How far damaged blocks, the last first, lead on from a row without a gap."""
    for block in reversed(loose):
        if block.first == at:
            at = block.end
    return at


def read(
    connection: sqlite3.Connection, stretches: Sequence[Stretch], start: int, stop: int, width: int, source: str
) -> Stored:
    """(stop − start, width) float32; NaN where a block is missing, damaged or has fewer columns.

    Raises ``StudioError`` headed by ``source`` when they cannot be held in memory.
    """
    check_room(4 * (stop - start) * max(1, width), source, f"it says that the run has {stop:,} steps")
    found = np.full((stop - start, width), np.nan, np.float32)
    there = np.zeros(stop - start, bool)
    damaged: list[tuple[int, int]] = []
    for stretch in stretches:
        begin, close = max(start, stretch.start), stop if stretch.stop is None else min(stop, stretch.stop)
        condition = "AND first > ? AND first < ? ORDER BY first"
        for block in _blocks(connection, stretch.branch, condition, begin - ROWS, close):
            low, high = max(begin, block.first), min(close, block.end)
            if high <= low:
                continue
            there[low - start : high - start] = True
            if block.rows is None:
                damaged.append((low + 1, high))
                continue
            shared = min(width, block.rows.shape[1])
            found[low - start : high - start, :shared] = block.rows[low - block.first : high - block.first, :shared]
    # A block whose place was damaged is not found where it was: steps are recorded without gaps.
    edges = np.flatnonzero(np.diff(there, prepend=True, append=True)) + start
    damaged += [(int(first) + 1, int(last)) for first, last in edges.reshape(-1, 2)]
    return Stored(found, tuple(sorted(damaged)))


def _blocks(connection: sqlite3.Connection, branch: int, condition: str, *values: int) -> Iterator[Block]:
    for first, width, content, found in connection.execute(f"{COLUMNS} {condition}", (branch, *values)):
        if intact(found, content, branch, first, width) and width > 0 and len(content) % (4 * width) == 0:
            rows = np.frombuffer(content, "<f4").reshape(-1, width)
            yield Block(first, rows, first + len(rows))
        else:
            yield Block(first, None, first + _length(width, content))


def _length(width: object, content: object) -> int:
    """Rows that a damaged block seems to have."""
    if not isinstance(width, int) or not isinstance(content, bytes) or width <= 0:
        return ROWS
    return min(ROWS, len(content) // (4 * width))
