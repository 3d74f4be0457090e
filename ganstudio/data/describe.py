"""Facts about a data set in plain numbers and one sentence."""

from dataclasses import dataclass

from ganstudio.data.dataset import ImageData


@dataclass(frozen=True)
class Description:
    """What there is to say about a data set."""

    count: int
    """Images to train on."""
    shape: tuple[int, int, int]
    """(C, H, W) of one."""
    classes: list[tuple[str, int]]
    """(name, images) of each class."""
    held_out: int
    """Images that are never trained on."""
    nbytes: int
    """Memory that the images take."""

    @property
    def sentence(self) -> str:
        """For instance ``60,000 images, 28 × 28, grey, 10 classes, 10,000 held out, 47 MB``."""
        channels, height, width = self.shape
        parts = [f"{self.count:,} images", f"{width} × {height}", "grey" if channels == 1 else "colour"]
        if self.classes:
            parts.append("1 class" if len(self.classes) == 1 else f"{len(self.classes)} classes")
        if self.held_out:
            parts.append(f"{self.held_out:,} held out")
        return ", ".join([*parts, f"{max(1, round(self.nbytes / 1e6)):,} MB"])


def describe(data: ImageData) -> Description:
    """What there is to say about these data."""
    counts = [] if data.labels is None else data.labels.bincount(minlength=len(data.classes)).tolist()
    classes = list(zip(data.classes, counts, strict=True)) if data.classes else []
    held_out = 0 if data.held_out is None else len(data.held_out)
    return Description(len(data), data.shape, classes, held_out, data.images.nbytes)
