"""What a person asks of an image with a brush: colours, edges and displaced patches. Pure arrays; no window, no torch.

Rows count downwards and columns to the right; pixel (r, c) covers r…r + 1 by c…c + 1, its middle at (r + ½, c + ½).
"""

from dataclasses import dataclass, replace

import numpy as np

from ganstudio.experiment.errors import StudioError

MOST_REMEMBERED = 200
RIM = 0.5
"""Share of a displaced patch's radius from which on it counts less and less."""

Place = tuple[float, float]
"""(row, column)."""


@dataclass(frozen=True)
class Edits:
    """One state of a sketch. Its arrays are never written to: an edit makes another state."""

    mask: np.ndarray
    """(H, W) bool: where colour is painted."""
    colours: np.ndarray
    """(H, W, C) uint8: which, where ``mask`` is set."""
    edges: np.ndarray
    """(H, W) bool: lines along which the image shall have edges."""
    warp: np.ndarray
    """(H, W) float32, 0…1: how much a displaced patch counts here."""
    warped: np.ndarray
    """(H, W, C) uint8: the displaced patches, where ``warp`` is positive."""
    arrows: tuple[tuple[Place, Place], ...] = ()
    """From where to where patches were dragged, to be shown."""

    @classmethod
    def none(cls, height: int, width: int, channels: int) -> "Edits":
        """An empty sheet over images of this size."""
        flat, deep = (height, width), (height, width, channels)
        return cls(
            np.zeros(flat, bool),
            np.zeros(deep, np.uint8),
            np.zeros(flat, bool),
            np.zeros(flat, np.float32),
            np.zeros(deep, np.uint8),
        )

    @property
    def shape(self) -> tuple[int, int, int]:
        """(H, W, C) of the images that they are edits of."""
        return self.colours.shape

    @property
    def empty(self) -> bool:
        """Whether nothing is asked for."""
        return not (self.mask.any() or self.edges.any() or self.warp.any())

    @property
    def weights(self) -> np.ndarray:
        """(H, W) float32, 0…1: how much the colour of each pixel counts. Paint covers displaced patches."""
        return np.where(self.mask, np.float32(1), self.warp)

    @property
    def targets(self) -> np.ndarray:
        """(H, W, C) uint8: the colour that is asked for, where ``weights`` is positive."""
        return np.where(self.mask[..., None], self.colours, self.warped)

    def check(self) -> None:
        """Raise ``StudioError`` when the layers do not fit each other."""
        if self.colours.ndim != 3:
            raise StudioError(f"must be (H, W, C), not {self.colours.shape}", "colours")
        for name in ("mask", "edges", "warp"):
            if getattr(self, name).shape != self.shape[:2]:
                raise StudioError(f"is {getattr(self, name).shape}, the colours are {self.shape}", name)
        if self.warped.shape != self.shape:
            raise StudioError(f"are {self.warped.shape}, the colours are {self.shape}", "warped")

    # what a brush does

    def painted(self, start: Place, end: Place, radius: float, colour: np.ndarray) -> "Edits":
        """With a stroke of colour (C,) uint8 along a straight line; where it runs, edges and patches are covered."""
        stroke = brushed(self.shape, start, end, radius)
        colours = self.colours.copy()
        colours[stroke] = colour
        return replace(self, mask=self.mask | stroke, colours=colours, edges=self.edges & ~stroke)

    def edged(self, start: Place, end: Place) -> "Edits":
        """With a line, one pixel wide, along which the image shall have an edge."""
        return replace(self, edges=self.edges | brushed(self.shape, start, end, 0.0))

    def erased(self, start: Place, end: Place, radius: float) -> "Edits":
        """Without whatever is asked for along a straight line; arrows that end there go too."""
        stroke = brushed(self.shape, start, end, radius)
        height, width, _ = self.shape
        arrows = tuple(
            one
            for one in self.arrows
            if not stroke[min(max(int(one[1][0]), 0), height - 1), min(max(int(one[1][1]), 0), width - 1)]
        )
        left = ~stroke
        return replace(self, mask=self.mask & left, edges=self.edges & left, warp=self.warp * left, arrows=arrows)

    def dragged(self, picture: np.ndarray, source: Place, target: Place, radius: float) -> "Edits":
        """With the round patch of a picture (H, W, C) about ``source`` asked for about ``target`` (whole pixels).

        Beyond ``RIM`` of the radius the patch counts less and less, so that it joins what lies around it. Where
        something is asked for already, the colour that counts more is kept, with its weight; of equals the new one.
        """
        height, width, _ = self.shape
        down, right = (round(b - a) for a, b in zip(source, target, strict=True))
        rows, columns = np.mgrid[:height, :width]
        middle = source[0] + down, source[1] + right
        distance = np.hypot(rows + 0.5 - middle[0], columns + 0.5 - middle[1])
        rim = np.clip((radius + 0.5 - distance) / max((1 - RIM) * radius, 0.5), 0, 1).astype(np.float32)
        from_rows, from_columns = rows - down, columns - right
        inside = (from_rows >= 0) & (from_rows < height) & (from_columns >= 0) & (from_columns < width)
        patch = picture[np.clip(from_rows, 0, height - 1), np.clip(from_columns, 0, width - 1)]
        taken = np.where(inside, rim, np.float32(0))
        # Paint counts fully: the patch's core, which does too, takes its place, and its rim does not.
        over = (taken > 0) & (taken >= self.weights)
        return replace(
            self,
            mask=self.mask & ~over,
            warp=np.where(over, taken, self.warp),
            warped=np.where(over[..., None], patch, self.warped),
            arrows=(*self.arrows, (source, middle)),
        )


def brushed(shape: tuple[int, ...], start: Place, end: Place, radius: float) -> np.ndarray:
    """(H, W) bool: the pixels whose middles lie within ``radius`` pixels of a line; at least those under the line."""
    height, width = shape[:2]
    middles = np.stack(np.mgrid[:height, :width], -1) + 0.5
    a, way = np.array(start, np.float64), np.subtract(end, start)
    along = np.clip((middles - a) @ way / max(float(way @ way), 1e-12), 0, 1)
    found = np.linalg.norm(middles - a - along[..., None] * way, axis=-1) <= radius
    count = 2 * int(np.ceil(np.abs(way).max())) + 1
    under = np.floor(a + np.linspace(0, 1, count)[:, None] * way).astype(int)
    under = under[(under >= 0).all(1) & (under[:, 0] < height) & (under[:, 1] < width)]
    found[under[:, 0], under[:, 1]] = True
    return found


@dataclass(frozen=True, eq=False)
class Page:
    """What is edited, and what is asked of it."""

    edits: Edits
    z: np.ndarray | None = None
    """(dim,) float32: the input of the image that is edited; None when it is not one of G's."""
    picture: np.ndarray | None = None
    """(H, W, C) uint8: the image that is edited, where it has no z."""


class Sheet:
    """A page with the way back. ``begin`` starts a gesture; what is put until the next one is taken back at once."""

    def __init__(self, page: Page):
        self._past: list[Page] = []
        self._future: list[Page] = []
        self.page = page
        self._begun = False
        self._started = page  # the page when the gesture began

    def begin(self) -> None:
        """What comes now is a gesture of its own."""
        self._begun, self._started = True, self.page

    def put(self, page: Page) -> None:
        """The page is this now."""
        if self._begun:
            self._past = [*self._past, self.page][-MOST_REMEMBERED:]
            self._begun = False
        self._future.clear()
        self.page = page

    def cancel(self) -> None:
        """Give the gesture up: all as it was before, and nothing of it to be taken back."""
        if self.page is not self._started:
            self.page = self._past.pop()
        self._begun = False

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier page."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether a page that was taken back can be had again."""
        return bool(self._future)

    def undo(self) -> None:
        """To the page before the last gesture, if there is one."""
        if self._past:
            self._future.append(self.page)
            self.page = self._started = self._past.pop()

    def redo(self) -> None:
        """Make the last gesture that was taken back again."""
        if self._future:
            self._past.append(self.page)
            self.page = self._started = self._future.pop()
