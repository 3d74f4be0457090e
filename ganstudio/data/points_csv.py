"""Points in a text file: one a line, with one or two numbers."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from pydantic import field_validator

from ganstudio.data.arrays import signature
from ganstudio.data.dataset import Progress, existing, report
from ganstudio.data.densities.histogram import Histogram
from ganstudio.data.memory import check_room
from ganstudio.data.number_line import FURTHEST, LEAST
from ganstudio.data.points import PointsData, PointsSource
from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError

NAMED_LINES = 5
"""Lines that a note names; of more it gives the number."""
LARGEST = 1e30
"""What is larger is no measurement: its square would overflow."""
SMALLEST = 1e-30
"""Points that differ by less are one point."""
TOO_NEAR = "holds points too near to each other; multiply them, or set data.scaled to true"
HALF_WIDTH = 2.0
"""Scaled points lie in ±2."""
MARGIN_BANDWIDTHS = 3.0
BYTES_A_LETTER = 20
"""Memory that a letter of the file may need while it is read."""


class PointsCsv(PointsSource):
    """A finite set of points from a file; its density is a kernel estimate on a grid.

    Each point counts as a Gaussian of the field's bandwidth, by default that of Scott's rule: the points' standard
    deviation along the axis times n^(−1/(d + 4)) (Scott 1992, Multivariate Density Estimation, equation 6.42).
    """

    kind = "points-csv"
    title = "Points from a file"
    description = "Your own points: a CSV file with one or two numbers a line."

    class Config(ComponentConfig):
        path: str = param(
            "",
            "File",
            "Numbers separated by commas, semicolons, tabs or spaces; a first line with names is passed over.",
        )
        columns: list[int] = param(
            [1, 2], "Columns", "Which columns hold x and y, counted from 1; one alone gives points on the number line."
        )
        scaled: bool = param(
            True, "Scaled", "Shift and scale all points alike, so that they lie in ±2 and networks can learn them."
        )
        bandwidth: float = param(
            0.0,
            "Bandwidth",
            "σ of the bell that each point has in the density; 0 chooses by Scott's rule.",
            ge=0,
            le=100,
        )
        cells: int = param(96, "Cells", "Of the density's grid, along each axis.", ge=8, le=512)

        @field_validator("columns")
        @classmethod
        def _one_or_two(cls, columns: list[int]) -> list[int]:
            if not 1 <= len(columns) <= 2 or min(columns) < 1 or len(set(columns)) < len(columns):
                raise ValueError("must be one or two different whole numbers from 1 on")
            return columns

    def cache_key(self) -> tuple[str, ...]:
        return (*super().cache_key(), signature(existing(self.config.path)))

    def density(self) -> Histogram:
        return self.load().density

    def load(self, progress: Progress | None = None) -> PointsData:
        path = existing(self.config.path)
        points, notes = read_points(path, self.config.columns, progress)
        spread = np.ptp(points, axis=0).max()
        if spread < (SMALLEST if self.config.scaled else LEAST):
            raise StudioError("holds fewer than two different points" if not spread else TOO_NEAR, str(path))
        if self.config.scaled:
            points = fitted(points)
        elif abs(points).max() > FURTHEST:
            raise StudioError(
                f"has numbers up to {abs(points).max():.3g}, too far from 0 to be learnt; set data.scaled to true",
                str(path),
            )
        density = kernel_estimate(points, self.config.bandwidth, self.config.cells)
        return PointsData(density, torch.from_numpy(points.astype(np.float32)), notes)


def read_points(path: Path, columns: list[int], progress: Progress | None = None) -> tuple[np.ndarray, list[str]]:
    """(N, D) float64 points of a text file, with what a person should know.

    A first line without numbers is a header; any other is left out, and a note names it. Where the file has but one
    column, the points are on the number line; where it has more than are taken by default, a note says so. Raises
    ``StudioError`` naming the file, and the line where there is one.
    """
    rows: list[list[float]] = []
    bad: list[int] = []
    first = held = 0
    for number, fields in _lines(path, progress):
        first = first or number
        wanted = [1] if len(fields) == 1 else columns
        row = _numbers([fields[column - 1] for column in wanted if column <= len(fields)])
        if row is None or len(row) < len(wanted) or (rows and len(row) != len(rows[0])):
            bad.append(number)
        else:
            rows.append(row)
            held = held or len(fields)
    if not rows:
        where = f"line {bad[-1]} has none" if bad else "it is empty"
        wanted = " and ".join(map(str, columns))
        raise StudioError(f"has no line with numbers in column {wanted} ({where}); see data.columns", str(path))
    notes = _told([number for number in bad if number != first], path)
    if held > len(columns) and columns == PointsCsv.Config().columns:
        taken = " and ".join(map(str, columns))  # the first is often the number of the line
        notes.append(f"{path.name}: of its {held} columns, {taken} are taken; Columns chooses others.")
    return np.array(rows), notes


def _lines(path: Path, progress: Progress | None) -> Iterator[tuple[int, list[str]]]:
    """(number from 1 on, fields) of each line that is not empty and no comment."""
    try:
        size = path.stat().st_size
        check_room(size * BYTES_A_LETTER, str(path), "keep a part of its lines")
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if number % 10_000 == 0:
                    report(progress, "reading points", min(1.0, number * len(line) / size))
                if line.strip() and not line.startswith("#"):
                    yield number, _fields(line)
    except UnicodeDecodeError:
        raise StudioError("this is not a text file", str(path)) from None
    except IsADirectoryError:
        raise StudioError("this is a folder; choose a CSV file", str(path)) from None
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None


def _fields(line: str) -> list[str]:
    if ";" in line:
        return line.replace(",", ".").split(";")  # as spreadsheets write where the decimal point is a comma
    separator = "\t" if "\t" in line else "," if "," in line else None
    return line.split(separator)


def _numbers(texts: list[str]) -> list[float] | None:
    """The numbers; None when one of them is none, or not finite."""
    try:
        values = [float(text.strip().strip('"')) for text in texts]
    except ValueError:
        return None
    return values if all(abs(value) <= LARGEST for value in values) else None


def _told(bad: list[int], path: Path) -> list[str]:
    if not bad:
        return []
    named = ", ".join(map(str, bad[:NAMED_LINES]))
    more = f" and {len(bad) - NAMED_LINES} more" if len(bad) > NAMED_LINES else ""
    return [f"{path.name}: what stands in line {named}{more} is no point and was left out."]


def fitted(points: np.ndarray) -> np.ndarray:
    """The points moved and scaled, both axes alike, so that they fill ±``HALF_WIDTH``."""
    low, high = points.min(0), points.max(0)
    return (points - (low + high) / 2) * (2 * HALF_WIDTH / (high - low).max())


def kernel_estimate(points: np.ndarray, bandwidth: float, cells: int) -> Histogram:
    """The density of (N, D) points, each blurred by a Gaussian, on a grid with ``cells`` along each axis."""
    count, dim = points.shape
    spread = points.std(0)
    sigma = np.full(dim, bandwidth) if bandwidth else spread * count ** (-1 / (dim + 4))
    low, high = points.min(0), points.max(0)
    # Points on one straight line along an axis have no spread across it.
    sigma = np.maximum(sigma, (high - low).max() / cells / 2)
    low, high = low - MARGIN_BANDWIDTHS * sigma, high + MARGIN_BANDWIDTHS * sigma
    heights, edges = np.histogramdd(points, cells, list(zip(low, high, strict=True)))
    for axis, (edge, breadth) in enumerate(zip(edges, sigma, strict=True)):
        middle = (edge[:-1] + edge[1:]) / 2
        kernel = np.exp(-0.5 * ((middle[:, None] - middle) / breadth) ** 2)
        kernel /= kernel.sum(0)
        heights = np.moveaxis(np.tensordot(kernel, heights, (1, axis)), 0, axis)
    return Histogram(heights, tuple(low), tuple(high))
