"""A plot's axis: its range, linear or logarithmic, its ticks, and how it makes room for growing data. No Qt."""

from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

import numpy as np

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Tick:
    """A place on an axis; a minor one has no label."""

    value: float
    label: str = ""


class Axis:
    """A range low…high. On a logarithmic axis both are above zero, and values that are not have no place."""

    unit = "steps"
    """What an axis across counts, written at its end."""

    def __init__(self, low: float = 0.0, high: float = 1.0, *, log: bool = False):
        self.log = log
        self.low, self.high = low, high
        self.follows = True
        """Whether the axis makes room for what is new; a hand that moves it ends that."""

    @property
    def state(self) -> tuple[float, float, bool]:
        """What a picture of this axis depends on."""
        return self.low, self.high, self.log

    def share(self, values: np.ndarray | float) -> np.ndarray:
        """Where values lie: 0 at ``low``, 1 at ``high``; NaN for what a logarithmic axis cannot show."""
        low, high = self._scaled(self.low), self._scaled(self.high)
        values = np.asarray(values, np.float64)
        if self.log:
            with np.errstate(divide="ignore", invalid="ignore"):
                values = np.log10(np.where(values > 0, values, np.nan))
        return (values - low) / (high - low)

    def value(self, share: float) -> float:
        """The value at a share of the axis."""
        low, high = self._scaled(self.low), self._scaled(self.high)
        found = low + share * (high - low)
        return 10**found if self.log else found

    def pan(self, share: float) -> None:
        """Move the range by a share of itself."""
        self._take(self.value(share), self.value(1 + share))

    def zoom(self, factor: float, share: float = 0.5) -> None:
        """Make the range ``factor`` as long; the value at ``share`` stays in place."""
        self._take(self.value(share - share * factor), self.value(share + (1 - share) * factor))

    def room_for_steps(self, steps: int) -> None:
        """Show all steps from the first on, growing by leaps: an axis that stays need not be painted again."""
        room = room_for(steps)
        if steps > self.high or self.high > 4 * room or self.low != self._first_step:
            self.low, self.high = self._first_step, room

    @property
    def _first_step(self) -> float:
        return 1.0 if self.log else 0.0

    def fit(self, low: float, high: float) -> None:
        """Make room for values; the range stays as it is while they fit and fill a good part of it."""
        if self.log and low <= 0:
            return
        low, high = self._scaled(low), self._scaled(high)
        shown_low, shown_high = self._scaled(self.low), self._scaled(self.high)
        if shown_low <= low and high <= shown_high and high - low > 0.4 * (shown_high - shown_low):
            return
        least = 0.3 if self.log else max(1e-6, 1e-3 * max(abs(low), abs(high)))
        if high - low < least:
            middle = (low + high) / 2
            low, high = middle - least / 2, middle + least / 2
        margin = 0.08 * (high - low)
        unit = _step((high - low) / 10)
        low, high = floor((low - margin) / unit) * unit, ceil((high + margin) / unit) * unit
        self.low, self.high = (10.0**low, 10.0**high) if self.log else (low, high)

    def set_log(self, log: bool, least: float = 1e-3) -> None:
        """Change the scale; what has no place on a logarithmic axis is cut off at ``least``."""
        self.log = log
        if log:
            self.high = max(self.high, 10 * least)
            self.low = max(self.low, least)

    def ticks(self, most: int) -> list[Tick]:
        """About ``most`` labelled places and, on a logarithmic axis, the minor ones between."""
        most = max(2, most)
        if self.log and self.high / self.low >= 3:
            return self._decades(most)
        step = _step((self.high - self.low) / most)
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [Tick(k * step, number(k * step, step)) for k in range(first, last + 1)]

    def _decades(self, most: int) -> list[Tick]:
        first, last = floor(log10(self.low)), ceil(log10(self.high))
        stride = max(1, ceil((last - first) / most))
        labelled = (1, 2, 5) if (last - first) * 3 <= most + 1 else (1,)
        found = []
        for power in range(first, last + 1):
            for digit in range(1, 10):
                value = digit * 10.0**power
                if not self.low * 0.999 <= value <= self.high * 1.001:
                    continue
                if digit in labelled and power % stride == 0:
                    found.append(Tick(value, number(value, value)))
                elif last - first <= 6:
                    found.append(Tick(value))
        return found

    def _scaled(self, value: float) -> float:
        return log10(value) if self.log else value

    def _take(self, low: float, high: float) -> None:
        self.follows = False
        if not (isfinite(low) and isfinite(high)) or max(abs(low), abs(high)) > 1e15:
            return
        if self.log:
            if low > 1e-15 and high / low > 1.01:
                self.low, self.high = low, high
        elif high - low > 1e-6 * max(1e-3, abs(low), abs(high)):
            self.low, self.high = low, high


def number(value: float, step: float) -> str:
    """A tick's label, with as many digits as steps of this size need; a true minus sign."""
    size = abs(value)
    if size < step / 1e6:
        return "0"
    if size >= 1e9 or size < 1e-4:
        power = floor(log10(size) + 1e-9)
        digits = f"{value / 10.0**power:.3g}".replace("-", "−")
        lead = {"1": "", "−1": "−"}.get(digits, f"{digits}·")
        return f"{lead}10{str(power).translate(SUPERSCRIPT)}"
    for unit, letter in ((1e6, "M"), (1e5, "k")):
        if size >= unit:
            scale = 1e3 if letter == "k" else 1e6
            return f"{value / scale:,.{_decimals(step / scale)}f}{letter}".replace("-", "−")
    return f"{value:,.{_decimals(step)}f}".replace("-", "−")


def _decimals(step: float) -> int:
    return max(0, -floor(log10(step) + 1e-9))


def _step(rough: float) -> float:
    """The least of 1, 2, 5 × 10ⁿ that is not below ``rough``."""
    power = 10.0 ** floor(log10(max(rough, 1e-30)))
    for digit in (1, 2, 5):
        if digit * power >= rough * (1 - 1e-9):
            return digit * power
    return 10 * power


def room_for(steps: float) -> float:
    """How many steps an axis should show that has so many to show and is to stay as it is for a while."""
    return _two_digits(max(100.0, 1.25 * steps))


def _two_digits(value: float) -> float:
    """Rounded up to two digits."""
    power = 10.0 ** (floor(log10(value)) - 1)
    return ceil(value / power - 1e-9) * power
