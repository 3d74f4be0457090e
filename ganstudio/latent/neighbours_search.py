"""Exact nearest neighbours among many rows by one matrix product: ‖a − b‖² = ‖a‖² − 2 a·b + ‖b‖². Imports torch."""

from collections.abc import Generator
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from ganstudio.experiment.errors import StudioError

SLICE_SECONDS = 0.02
"""A search lets others go on after so long at the least, and one part more at the most."""
PART = 1 << 20
"""Numbers of rows that are searched at a time: as float32 they fit a cache, and no second copy of all is needed."""
SPARE = 16
"""Candidates beyond those asked for: the product is rounded, so their distances are computed again, exactly."""

Search = Generator[float, None, tuple[np.ndarray, np.ndarray]]
"""Yields the share done after each slice; returns (places (n, k) int64, squared distances (n, k) float64)."""


class Index:
    """Rows (N, D), uint8 or float32, to be searched among. The rows are not copied: 4 bytes are kept for each.

    Only the first ``filled`` rows are searched: the others may still be on their way.
    """

    def __init__(self, rows: Tensor):
        self.rows = rows
        self.filled = 0
        self._squares = torch.empty(len(rows))
        self._part = max(1, PART // rows.shape[1])
        self._centre: Tensor | None = None  # (D,): about it squares are small, so that less is lost in differences

    def _centred(self, part: slice) -> Tensor:
        rows = self.rows[part].float()
        if self._centre is None:
            # Whole numbers: what is left of bytes is exact.
            self._centre = rows.mean(0).round() if self.rows.dtype == torch.uint8 else rows.mean(0)
        return rows.sub_(self._centre) if self.rows.dtype == torch.uint8 else rows - self._centre

    def fill(self, end: int | None = None) -> Generator[float, None, None]:
        """Take in the rows up to ``end`` (all by default); yields the share done after each slice."""
        begun, end = perf_counter(), len(self.rows) if end is None else end
        while self.filled < end:  # between two slices another study may have filled some more
            part = slice(self.filled, min(end, self.filled + self._part))
            self._squares[part] = self._centred(part).square().sum(1)
            self.filled = part.stop
            if perf_counter() - begun > SLICE_SECONDS:
                yield self.filled / end
                begun = perf_counter()

    def nearest(self, queries: Tensor, count: int, own: np.ndarray | None = None) -> Search:
        """The ``count`` nearest rows of each of the queries (n, D), or as many as there are.

        Nearest first, of those equally near the one with the lower place. ``own`` (n,): a row for each query that does
        not count, since it is the query itself. Raises ``StudioError`` where there are no finite distances.
        """
        begun = perf_counter()
        exact = queries
        filled = self.filled
        among = filled - (own is not None)
        count = min(count, among)
        spare = min(count + SPARE, among)
        queries = queries.float() - (0 if self._centre is None else self._centre)
        least, places = torch.empty(len(queries), 0), torch.empty(len(queries), 0, dtype=torch.int64)
        for start in range(0, filled, self._part):
            stop = min(filled, start + self._part)
            # ‖query‖² is the same for all of its rows.
            near = torch.addmm(self._squares[start:stop], queries, self._centred(slice(start, stop)).t(), alpha=-2)
            if own is not None:
                here = np.flatnonzero((own >= start) & (own < stop))
                near[here, own[here] - start] = torch.inf
            best = near.topk(min(spare, stop - start), dim=1, largest=False)
            both = torch.cat([least, best.values], 1)
            least, kept = both.topk(min(spare, both.shape[1]), dim=1, largest=False)
            places = torch.cat([places, best.indices + start], 1).gather(1, kept)
            if perf_counter() - begun > SLICE_SECONDS:
                yield 0.9 * stop / filled
                begun = perf_counter()
        if not bool(torch.isfinite(least[:, :count]).all()):
            raise StudioError("there are no finite distances between these samples and the training images")
        found = []
        for row, (query, candidates) in enumerate(zip(exact, places, strict=True)):
            found.append(self._ranked(query, candidates[least[row] < torch.inf], count))
            if perf_counter() - begun > SLICE_SECONDS:
                yield 0.9 + 0.1 * row / len(places)
                begun = perf_counter()
        nowhere = np.zeros((len(queries), count))
        return (
            np.array([one[0] for one in found], np.int64).reshape(nowhere.shape),
            np.array([one[1] for one in found], np.float64).reshape(nowhere.shape),
        )

    def _ranked(self, query: Tensor, candidates: Tensor, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The nearest of some rows with their distances in float64, which differences of bytes do not even round."""
        squared = (self.rows[candidates].double() - query.double()).square().sum(1).numpy()
        places = candidates.numpy()
        order = np.lexsort((places, squared))[:count]
        return places[order], squared[order]
