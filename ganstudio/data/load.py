"""Loads a source once: the last two data sets are remembered, so that switching a preset back reads nothing again."""

import threading
from collections import OrderedDict
from time import monotonic

from ganstudio.data.dataset import DataSource, Progress, RealData, report

INTERVAL = 0.1
"""Seconds between two reports of progress, and at most until a cancelled load notices."""


def paced(progress: Progress | None) -> Progress | None:
    """The same listener, called no more often than every ``INTERVAL``."""
    if progress is None:
        return None
    last = -INTERVAL

    def listener(what: str, share: float) -> bool:
        nonlocal last
        if monotonic() - last < INTERVAL:
            return True
        last = monotonic()
        return progress(what, share)

    return listener


class Loader:
    """Loads sources, one at a time, and remembers the last few. Any thread may call it."""

    def __init__(self, capacity: int = 2):
        self._capacity = capacity
        self._kept: OrderedDict[tuple[str, ...], RealData] = OrderedDict()
        self._busy = threading.Lock()

    def __call__(self, source: DataSource, progress: Progress | None = None) -> RealData:
        """The source's data, on the CPU. Raises what ``source.load`` raises, ``Cancelled`` among it."""
        progress = paced(progress)
        while not self._busy.acquire(timeout=INTERVAL):
            report(progress, "waiting for another data set", 0.0)
        try:
            key = source.cache_key()
            data = self._kept.pop(key, None)
            if data is None:
                data = source.load(progress)
            self._kept[key] = data
            while len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
            return data
        finally:
            self._busy.release()


load = Loader()
