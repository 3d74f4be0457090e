"""Who stands better in a duel: two trainings that differ in one edit, judged by their steps and by their samples.

It compares what can be compared. Losses of two objectives cannot, so they stand in the table unmarked; how near p_g has
come to the data, whether G still has a gradient, how diverse its samples are and how well they fool D can.
"""

from dataclasses import asdict, dataclass
from math import isfinite, log, nan
from typing import Any, Literal

import numpy as np

from ganstudio.training.history import History

Winner = Literal["left", "right", ""]
Form = Literal["number", "share", "count"]

WINDOW = 100
"""Steps at the end whose mean is taken."""
FEWEST = 20
"""Steps below which it is too early to tell."""
VANISHED = 0.01
"""A gradient has vanished below this part of the greatest usual one."""
CLEAR_SHARE = 0.2
"""Difference between two shares or probabilities that counts as clear."""
CLEAR_FACTOR = 1.25
"""The same of two ratios."""
CLEAR_JS = 0.02
"""The same of the Jensen–Shannon divergence in nats; it must be a tenth of the greater one, too."""
LEAST_RATIO = 0.01
"""Smaller ratios are all alike."""


@dataclass(frozen=True)
class Standing:
    """What a side's samples are like; NaN and 0 where that is not known."""

    diversity: float = nan
    """Mean distance between two of G's samples, in units of that between two real ones."""
    covered: int = 0
    """Modes that have good samples (``metrics.modes``)."""
    modes: int = 0
    """Modes that there are."""
    js: float = nan
    """Jensen–Shannon divergence from the data in nats (``metrics.divergence``)."""


@dataclass(frozen=True)
class Side:
    """One side of a duel, as far as it has come."""

    words: str
    """What was set here, for the sentence: ``saturating``."""
    history: History
    """Its steps, those before the fork first."""
    probability: bool = True
    """Whether its D gives a probability; else it is a critic."""
    standing: Standing = Standing()
    failure: str = ""
    """Why it can go on no more; empty while it can."""


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    label: str
    left: float
    """NaN where there is nothing to tell."""
    right: float
    better: Winner
    """The side with the clearly better value; empty where neither is, or where the two do not compare."""
    form: Form
    tip: str


@dataclass(frozen=True)
class Verdict:
    """The table, and what it comes to."""

    steps: int
    """Steps since the fork, of the side that has come further."""
    better: Winner
    sentence: str
    """For people."""
    rows: tuple[Row, ...]


def plain(verdict: Verdict) -> dict[str, Any]:
    """A verdict as values for JSON; None for what is not known."""
    found = asdict(verdict)
    return {**found, "rows": [{name: _known(value) for name, value in row.items()} for row in found["rows"]]}


def from_plain(values: dict[str, Any]) -> Verdict:
    """What ``plain`` was given."""
    rows = ({name: nan if value is None else value for name, value in row.items()} for row in values["rows"])
    return Verdict(**{**values, "rows": tuple(Row(**row) for row in rows)})


def _known(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value


class _Steps:
    """A side's steps since the fork, and up to ``WINDOW`` of those before it."""

    def __init__(self, side: Side, fork: int):
        start = max(0, fork - WINDOW)
        rows = side.history.rows(start)
        self.side = side
        self._before, self._since = rows[: fork - start], rows[fork - start :]
        self.count = len(self._since)

    def column(self, name: str, rows: np.ndarray) -> np.ndarray:
        names = self.side.history.names
        found = rows[:, names.index(name)] if name in names else np.empty(0, np.float32)
        return found[np.isfinite(found)]

    def mean(self, name: str) -> float:
        """Over the last ``WINDOW`` steps since the fork; NaN without any."""
        found = self.column(name, self._since[-WINDOW:])
        return float(found.mean(dtype=np.float64)) if len(found) else nan

    def usual_gradient(self) -> float:
        """The greater median of ‖∇J_G‖, before the fork and since; 0 without any step."""
        parts = (self.column("gradient.generator", rows) for rows in (self._before, self._since))
        return max((float(np.median(part)) for part in parts if len(part)), default=0.0)

    def vanished(self, usual: float) -> float:
        """Share of the steps since the fork whose ‖∇J_G‖ is below ``VANISHED`` of the usual one; NaN without any."""
        found = self.column("gradient.generator", self._since)
        return float((found < VANISHED * usual).mean()) if len(found) else nan


def verdict(left: Side, right: Side, fork: int) -> Verdict:
    """Judge a duel that forked after ``fork`` completed steps."""
    sides = _Steps(left, fork), _Steps(right, fork)
    steps = max(one.count for one in sides)
    rows = _rows(*sides)
    better, sentence = _sentence(left, right, steps, rows)
    return Verdict(steps, better, sentence, tuple(rows))


def _rows(left: _Steps, right: _Steps) -> list[Row]:
    one, other = left.side.standing, right.side.standing
    usual = max(left.usual_gradient(), right.usual_gradient())
    rows = [
        Row("Steps", left.count, right.count, "", "count", "Steps since the fork"),
        *(
            Row(label, left.mean(name), right.mean(name), "", "number", f"{tip}, mean of the last {WINDOW} steps")
            for label, name, tip in (
                ("J_D", "loss.discriminator", "Loss of the discriminator"),
                ("J_G", "loss.generator", "Loss of the generator; two objectives' losses do not compare"),
                ("V(G, D)", "value", "Value of the game"),
                ("D(x)", "score.real", "D on real samples"),
            )
        ),
        _fooled(left, right),
        Row("‖∇J_G‖", left.mean("gradient.generator"), right.mean("gradient.generator"), "", "number",
            f"Norm of G's gradient, mean of the last {WINDOW} steps"),
        _less("G's gradient gone", left.vanished(usual), right.vanished(usual), CLEAR_SHARE, "share",
              f"Share of the steps in which ‖∇J_G‖ is below {VANISHED:.0%} of what is usual here"),
        _diversity(one.diversity, other.diversity),
    ]  # fmt: skip
    if one.modes and other.modes:
        more = _lower(-one.covered, -other.covered, max(1, CLEAR_SHARE * one.modes))
        rows.append(Row(f"Modes of {one.modes}", one.covered, other.covered, more, "count",
                        "Modes of the data in which G has good samples"))  # fmt: skip
    if isfinite(one.js) or isfinite(other.js):
        clear = max(CLEAR_JS, 0.1 * np.nanmax([one.js, other.js]))
        tip = "Jensen–Shannon divergence between p_g and the data in nats: 0 when they are the same, log 2 at most"
        rows.append(_less("JSD", one.js, other.js, clear, "number", tip))
    return rows


def _fooled(left: _Steps, right: _Steps) -> Row:
    """D(G(z)), the better the nearer it has come to D(x): then D cannot tell the two apart."""
    scores = left.mean("score.fake"), right.mean("score.fake")
    better: Winner = ""
    if left.side.probability and right.side.probability:
        gaps = (abs(side.mean("score.real") - fake) for side, fake in zip((left, right), scores, strict=True))
        better = _lower(*gaps, CLEAR_SHARE)
    tip = "D on generated samples, mean of the last steps; the nearer to D(x), the better they fool D"
    return Row("D(G(z))", *scores, better, "number", tip)


def _diversity(left: float, right: float) -> Row:
    away = (abs(log(max(one, LEAST_RATIO))) if isfinite(one) else nan for one in (left, right))
    tip = (
        "Mean distance between two samples of G, in units of that between two real ones: 1 when as diverse as the data"
    )
    return Row("Diversity", left, right, _lower(*away, log(CLEAR_FACTOR)), "number", tip)


def _less(label: str, left: float, right: float, clear: float, form: Form, tip: str) -> Row:
    return Row(label, left, right, _lower(left, right, clear), form, tip)


def _lower(left: float, right: float, clear: float) -> Winner:
    """The side with the lower value; neither where they differ by less than ``clear`` or one is not known."""
    if not abs(left - right) >= clear:
        return ""
    return "left" if left < right else "right"


WEIGHT = ("JSD", "Modes", "G's gradient gone", "Diversity", "D(G(z))")
"""What the sentence rests on, by the beginning of a row's label: what is nearest to the truth first."""


def _sentence(left: Side, right: Side, steps: int, rows: list[Row]) -> tuple[Winner, str]:
    names = {"left": f"Left ({left.words})", "right": f"Right ({right.words})"}
    if left.failure and right.failure:
        return "", f"Both sides broke down, so there is nothing to keep. {left.failure}"
    if left.failure:
        return "right", f"{names['right']} stands better: left broke down. {left.failure}"
    if right.failure:
        return "left", f"{names['left']} stands better: right broke down. {right.failure}"
    if steps < FEWEST:
        return "", f"Too early to tell: a verdict needs {FEWEST} steps."
    telling = [row for name in WEIGHT for row in rows if row.label.startswith(name) and row.better]
    if not telling:
        return "", f"No clear difference after {steps:,} steps."
    better = telling[0].better
    reasons = [_reason(row) for row in telling if row.better == better][:2]
    against = [_reason(row) for row in telling if row.better != better][:1]
    sentence = f"{names[better]} stands better after {steps:,} steps: {', and '.join(reasons)}."
    loser = "right" if better == "left" else "left"
    return better, sentence + "".join(f" In {loser}'s favour: {reason}." for reason in against)


def _reason(row: Row) -> str:
    """Why a row speaks for its better side."""
    own, other = (row.left, row.right) if row.better == "left" else (row.right, row.left)
    if row.label == "JSD":
        return f"p_g is nearer to the data (JSD {own:.3f} nats against {other:.3f})"
    if row.label.startswith("Modes"):
        return f"G covers {own:.0f} {row.label.lower()[6:]} modes against {other:.0f}"
    if row.label.startswith("G's"):
        return f"G's gradient was gone in {own:.0%} of the steps against {other:.0%}"
    if row.label == "Diversity":
        return f"the spread of its samples is {own:.2f} of the data's against {other:.2f}"
    return f"D tells its samples less from real ones (D(G(z)) = {own:.2f} against {other:.2f})"
