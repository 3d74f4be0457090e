"""A measured number beside what it must reach, and how a benchmark's numbers are printed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Literal

Bound = Literal["≥", "≤"]
PAIRS = 5
"""Pairs of a paired measurement, of which the median is taken."""


@dataclass(frozen=True)
class Figure:
    """One number of a benchmark."""

    name: str
    """What was measured, on what, and in which unit."""
    value: float
    bound: Bound = "≥"
    target: float | None = None
    """None: reported, nothing is asked of it."""

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None without a target."""
        if self.target is None:
            return None
        # NumPy's own truth, of a value that is NumPy's, is none of JSON's.
        return bool(self.value >= self.target if self.bound == "≥" else self.value <= self.target)


def as_json(bench: str, figures: list[Figure]) -> str:
    """``{"bench": …, "figures": [{"name", "value", "target", "met"}, …]}`` on one line."""
    rows = [
        {"name": one.name, "value": float(f"{one.value:.4g}"), "target": one.target, "met": one.met} for one in figures
    ]
    return json.dumps({"bench": bench, "figures": rows}, ensure_ascii=False)


def as_table(bench: str, figures: list[Figure]) -> str:
    """The figures in aligned columns under a heading, and how many targets are missed."""
    words = {True: "met", False: "MISSED", None: ""}
    rows = [
        (one.name, f"{one.value:.4g}", "" if one.target is None else f"{one.bound} {one.target:g}", words[one.met])
        for one in figures
    ]
    width, value, target = (max([len(row[i]) for row in rows], default=0) for i in range(3))
    lines = [f"bench {bench}"]
    lines += [f"  {row[0]:<{width}}  {row[1]:>{value}}  {row[2]:<{target}}  {row[3]}".rstrip() for row in rows]
    missed = sum(one.met is False for one in figures)
    if missed:
        lines.append(f"{missed} of {sum(one.met is not None for one in figures)} targets missed")
    return "\n".join(lines)


def paired(first: Callable[[], float], second: Callable[[], float], pairs: int = PAIRS) -> list[tuple[float, float]]:
    """Measure two things in turn, (first, second) for each pair; who goes first alternates, so that drift cancels."""
    found = []
    for index in range(pairs):
        if index % 2:
            after = second()
            found.append((first(), after))
        else:
            before = first()
            found.append((before, second()))
    return found


def median_ratio(pairs: list[tuple[float, float]]) -> float:
    """The median over the pairs of first / second."""
    return median(a / b for a, b in pairs)
