"""Metrics in the store: rows of float32 in blocks of a few hundred steps, each branch its own. Needs no torch."""

import sqlite3
from collections.abc import Sequence

import numpy as np

from ganstudio.data.memory import check_room
from ganstudio.runs.tree import Stretch

ROWS = 512
"""Rows a block: it is rewritten while it grows, every two seconds or so."""


def append(connection: sqlite3.Connection, branch: int, first: int, rows: np.ndarray) -> None:
    """Rows (n, width) float32 from row ``first`` on; what the branch has from there on is replaced."""
    cut(connection, branch, first)
    if not len(rows):
        return
    width = rows.shape[1]
    last = connection.execute(
        "SELECT first, width, content FROM metrics WHERE branch = ? ORDER BY first DESC LIMIT 1", (branch,)
    ).fetchone()
    if last is not None and last[1] == width and _end(*last) == first and first - last[0] < ROWS:
        first, rows = last[0], np.concatenate([_rows(last[1], last[2]), rows])
    pieces = [
        (branch, first + at, width, np.ascontiguousarray(rows[at : at + ROWS], "<f4").tobytes())
        for at in range(0, len(rows), ROWS)
    ]
    connection.executemany("INSERT OR REPLACE INTO metrics VALUES (?, ?, ?, ?)", pieces)


def cut(connection: sqlite3.Connection, branch: int, first: int) -> None:
    """Forget a branch's rows from ``first`` on."""
    for begin, width, content in connection.execute(
        "SELECT first, width, content FROM metrics WHERE branch = ? AND first > ? AND first < ?",
        (branch, first - ROWS, first),
    ).fetchall():
        kept = _rows(width, content)[: first - begin]
        connection.execute(
            "UPDATE metrics SET content = ? WHERE branch = ? AND first = ?", (kept.tobytes(), branch, begin)
        )
    connection.execute("DELETE FROM metrics WHERE branch = ? AND first >= ?", (branch, first))


def end(connection: sqlite3.Connection, branch: int) -> int:
    """One past the branch's newest row; 0 when it has none."""
    last = connection.execute(
        "SELECT first, width, length(content) FROM metrics WHERE branch = ? ORDER BY first DESC LIMIT 1", (branch,)
    ).fetchone()
    return 0 if last is None else last[0] + last[2] // (4 * max(1, last[1]))


def read(
    connection: sqlite3.Connection, stretches: Sequence[Stretch], start: int, stop: int, width: int, source: str
) -> np.ndarray:
    """(stop − start, width) float32; NaN where a block is missing or has fewer columns.

    Raises ``StudioError`` headed by ``source`` when they cannot be held in memory.
    """
    check_room(4 * (stop - start) * max(1, width), source, f"it says that the run has {stop:,} steps")
    found = np.full((stop - start, width), np.nan, np.float32)
    for stretch in stretches:
        begin, close = max(start, stretch.start), stop if stretch.stop is None else min(stop, stretch.stop)
        blocks = connection.execute(
            "SELECT first, width, content FROM metrics WHERE branch = ? AND first > ? AND first < ? ORDER BY first",
            (stretch.branch, begin - ROWS, close),
        )
        for first, columns, content in blocks:
            rows = _rows(columns, content)
            low, high = max(begin, first), min(close, first + len(rows))
            if high > low:
                shared = min(width, columns)
                found[low - start : high - start, :shared] = rows[low - first : high - first, :shared]
    return found


def _end(first: int, width: int, content: bytes) -> int:
    return first + len(content) // (4 * width)


def _rows(width: int, content: bytes) -> np.ndarray:
    """(rows, width); ``ValueError`` for a content of another size."""
    return np.frombuffer(content, "<f4").reshape(-1, width)
