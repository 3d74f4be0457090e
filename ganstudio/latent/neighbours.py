"""Nearest training samples, images or points: what may be asked about them and what is answered. Pure values.

The rightmost column of the figures of Goodfellow et al. 2014: beside a sample the training image nearest to it, so that
one sees whether G has memorised the training set.
"""

from dataclasses import dataclass
from enum import Enum

import numpy as np

from ganstudio.latent.requests import Study

NEAR = 0.6
"""A median distance of samples below this part of that of unseen images is much nearer."""
NEARER, FARTHER = 0.9, 1.15
"""Between these parts of it they are as far."""
ALONE = 0.75
"""A copy is nearer to one training image than this part of the distance to the second; what is bland is not.

Of points in the plane any is: in D dimensions (nearest/second)ᴰ is even between 0 and 1, with the median 0.5^(1/D). So
this part is of the median ratio of real points there."""
FEW = 0.01
"""Share of unseen real samples that lie nearer than ``Distances.suspicious``: by chance as many samples do."""
SOME = 0.05
"""Share of samples nearer than that from which there are too many to be chance (256 samples: 13 rather than 3)."""


@dataclass(frozen=True, eq=False)
class FindNeighbours(Study):
    """The training samples nearest to G's. Answered by ``Neighbours``, by pixels or in the plane first."""

    inputs: np.ndarray | None = None
    """(n, dim) float32: samples as G makes them of these."""
    images: tuple[np.ndarray, ...] = ()
    """After those, pictures (H, W, C) uint8 of any size, 1 or 3 channels; they are made to fit the data.
    Left out where the data are points."""
    count: int = 8
    """Neighbours of each; fewer when the data set has fewer images."""
    features: bool = True
    """Search in D's features too."""
    refresh: bool = False
    """Take the features of D as it is now; else those that are at hand, if any, of D as it was then."""
    patient: bool = False


@dataclass(frozen=True, eq=False)
class Found:
    """Neighbours in one space, of each sample the nearest first; of those equally near that with the lower place."""

    places: np.ndarray
    """(n, k) int64: where in the data set they are."""
    distances: np.ndarray
    """(n, k) float64. By pixels: root mean square difference, in grey levels of 0…255. Of points, and by features:
    Euclidean.
    """
    images: np.ndarray
    """(n, k, H, W, C) uint8; mirrored ones as they were compared. Or points (n, k, D) float32."""
    mirrored: np.ndarray
    """(n, k) bool: the image is nearest in its mirror image, where D is shown those too."""
    labels: np.ndarray | None
    """(n, k) int64, where the data have classes."""
    searched: int
    """So many have been searched …"""
    total: int
    """… of so many in the training set; in D's features a drawn part of a large set, see ``neighbours_features``."""
    numbers: int
    """How many numbers are compared of each."""
    step: int | None = None
    """Completed steps of the D whose features these are."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """What ``FindNeighbours`` has found."""

    samples: np.ndarray
    """(n, H, W, C) uint8, or points (n, D) float32: what was searched for, as it was compared."""
    pixels: Found
    """Of points: in the plane, or on the line."""
    features: Found | None
    """None when it was not asked for, or is not there yet."""
    classes: tuple[str, ...] = ()
    """Names of the classes, by label."""
    cloud: np.ndarray | None = None
    """(N, D) float32: all the points that are searched among; not to be written to."""

    @property
    def points(self) -> bool:
        """Whether they are points, not images."""
        return self.cloud is not None


@dataclass(frozen=True)
class CompareDistances(Study):
    """How far samples lie from the training set, and unseen real ones. Answered by ``Distances``."""

    seed: int = 0
    """Of the samples' z."""
    count: int = 256
    """Of samples and of real ones, at most: of large sets the study takes fewer."""
    patient: bool = True


class Verdict(Enum):
    """What two distributions of nearest distances say of copying."""

    MUCH_NEARER = "much nearer"
    BLAND = "bland"
    SOME_NEARER = "some nearer"
    NEARER = "nearer"
    AS_FAR = "as far"
    FARTHER = "farther"


@dataclass(frozen=True, eq=False)
class Distances:
    """Distances to the nearest training sample. Of images: root mean square difference per pixel, in grey levels of
    0…255; of points: Euclidean.

    Comparing the two distributions is the test for data-copying of Meehan, Chaudhuri & Dasgupta 2020 (section 3); in
    place of its U statistic, which calls any difference significant when there are samples enough, the sizes of the
    differences are judged, by the constants of this file.
    """

    generated: np.ndarray
    """(n,) float64, of samples."""
    second: np.ndarray
    """(n,) float64, of the same samples to the second nearest."""
    real: np.ndarray
    """(m,) float64, of real samples."""
    held_out: bool
    """The real ones are held out; else they are training samples, each against all the others."""
    kind: str = "images"
    """What samples are: "images" or "points"."""
    alone: float = ALONE
    """As the constant ``ALONE``."""

    @property
    def ratio(self) -> float:
        """The samples' median over that of the real ones; infinite when theirs is 0."""
        usual = float(np.median(self.real))
        return float(np.median(self.generated)) / usual if usual > 0 else float("inf")

    @property
    def suspicious(self) -> float:
        """Nearer than this lies 1 % of the real ones."""
        return float(np.quantile(self.real, FEW))

    @property
    def nearer(self) -> int:
        """So many samples lie nearer than that."""
        return int((self.generated < self.suspicious).sum())

    @property
    def verdict(self) -> Verdict:
        """By the constants of this file, in the order in which ``Verdict`` has them."""
        alone = float(np.median(self.generated / np.maximum(self.second, 1e-9)))
        if self.ratio <= NEAR:
            return Verdict.MUCH_NEARER if alone <= self.alone else Verdict.BLAND
        if self.nearer > SOME * len(self.generated):
            return Verdict.SOME_NEARER
        if self.ratio < NEARER:
            return Verdict.NEARER
        return Verdict.AS_FAR if self.ratio <= FARTHER else Verdict.FARTHER

    @property
    def reading(self) -> str:
        """The verdict in a plain sentence."""
        real = f"held-out {self.kind} are" if self.held_out else "these are from each other"
        what = f"the training {self.kind}"
        return {
            Verdict.MUCH_NEARER: f"Samples are much nearer to {what} than {real}: memorised?",
            Verdict.BLAND: f"Samples are much nearer to {what} than {real}, but to many at once: bland, not copied.",
            Verdict.SOME_NEARER: (
                f"{self.nearer} of {len(self.generated)} samples are nearer to {what} than 99 % of the real "
                f"{self.kind}: are some of them copies?"
            ),
            Verdict.NEARER: f"Samples are somewhat nearer to {what} than {real}.",
            Verdict.AS_FAR: f"Samples are as far from {what} as {real}.",
            Verdict.FARTHER: f"Samples are farther from {what} than {real}: no sign of copying.",
        }[self.verdict]
