"""What a plot of curves shows, and which buckets of the history it needs for that. No Qt."""

from dataclasses import dataclass
from math import ceil, floor, log

import numpy as np

from ganstudio.training.history import Envelope, History, bucket_width
from ganstudio.ui.widgets.axis import Axis


@dataclass(frozen=True)
class Curve:
    """A metric as a curve."""

    name: str
    """The metric."""
    label: str
    """For the legend; what follows an underscore is set low: ``J_D``."""
    colour: str
    """A name of ``theme.Colours``."""
    tip: str
    unit: str = ""
    """Written after a value."""


@dataclass(frozen=True)
class Level:
    """A horizontal line at a value that theory gives for some curves; it shows while one of them does."""

    value: float
    label: str
    colour: str
    """A name of ``theme.Colours``."""
    curves: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marker:
    """A vertical line after a step: something changed there."""

    step: int
    label: str
    """A few words beside the line."""
    sentence: str
    """For the read-out."""


@dataclass(frozen=True)
class Stretch:
    """Rows start…stop of the history, in buckets of ``width`` rows."""

    start: int
    stop: int
    width: int


def stretches(x: Axis, pixels: int) -> list[Stretch]:
    """What an axis of steps shows, cut so that a bucket is one to two pixels wide wherever it stands."""
    stop = max(1, ceil(x.high))
    if not x.log:
        width = bucket_width(x.high - x.low, pixels)
        # One bucket more on the left, so that the line enters from outside.
        return [Stretch(max(0, (floor(x.low) - 1) // width - 1) * width, stop, width)]
    found: list[Stretch] = []
    start = max(0, floor(x.low) - 2)
    for power in range(stop.bit_length() + 1):
        first, last = (2**power if power else 0), 2 ** (power + 1)
        if last <= start or first >= stop:
            continue
        steps_per_pixel = log(x.high / x.low) * last / max(1, pixels)
        width = min(2 ** max(0, floor(np.log2(steps_per_pixel))), max(1, first))
        first = max(first, start // width * width)
        if found and found[-1].width == width:
            found[-1] = Stretch(found[-1].start, last, width)
        else:
            found.append(Stretch(first, last, width))
    return found


def newest_bucket(cuts: list[Stretch], length: int) -> int:
    """The first row of the newest bucket, which may not be full yet."""
    for cut in reversed(cuts):
        if cut.start < length:
            return (min(length, cut.stop) - 1) // cut.width * cut.width
    return 0


def fetch(history: History, names: list[str], cuts: list[Stretch], rows: slice, smooth: int) -> Envelope:
    """Metrics over the stretches between two rows; the first must begin a bucket."""
    parts = [
        history.buckets(names, max(cut.start, rows.start), min(cut.stop, rows.stop), cut.width, smooth)
        for cut in cuts
        if cut.stop > rows.start and cut.start < rows.stop
    ] or [history.buckets(names, 0, 0, 1)]
    if len(parts) == 1:
        return parts[0]
    fields = (np.concatenate([getattr(part, name) for part in parts], -1) for name in ("x", "low", "high", "mean"))
    return Envelope(*fields, parts[-1].width)


@dataclass(frozen=True)
class Extent:
    """Least and greatest value; ``low`` and ``high`` leave out spikes that would flatten all the rest."""

    low: float
    high: float
    least: float
    greatest: float


def extent(envelope: Envelope, log_scale: bool) -> Extent | None:
    """The range that curves want; None when they have no value to show."""
    low, high = envelope.low.astype(np.float64).ravel(), envelope.high.astype(np.float64).ravel()
    kept = np.isfinite(low) & np.isfinite(high)
    if log_scale:
        kept &= low > 0
    if not kept.any():
        return None
    low, high = low[kept], high[kept]
    if log_scale:
        low, high = np.log10(low), np.log10(high)
    least, greatest = float(low.min()), float(high.max())
    k = len(low) // 100
    usual_low, usual_high = float(np.partition(low, k)[k]), float(np.partition(high, -1 - k)[-1 - k])
    room = max(usual_high - usual_low, 1e-9)
    found = (max(least, usual_low - room), min(greatest, usual_high + room), least, greatest)
    return Extent(*(10.0**value if log_scale else value for value in found))
