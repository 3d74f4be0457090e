"""A picture used as a density: where it is dark, or where it is light, there are points."""

from typing import Literal

import numpy as np

from ganstudio.data.arrays import signature
from ganstudio.data.dataset import existing
from ganstudio.data.decode import Target, Undecodable, decode
from ganstudio.data.densities.density import Density
from ganstudio.data.densities.histogram import Histogram
from ganstudio.data.number_line import FURTHEST, LEAST
from ganstudio.data.points import PointsSource
from ganstudio.experiment.component import ComponentConfig, param
from ganstudio.experiment.errors import StudioError

WHITE, BLACK = (255, 255, 255), (0, 0, 0)


class Picture(PointsSource):
    """Any image file, shrunk to a square of grey pixels; the density in each is its darkness (or its lightness).

    What is transparent, and the bars beside a picture that is not square, have no points.
    """

    kind = "picture"
    title = "Picture as a density (2-D)"
    description = "Points where a picture is dark, or where it is light: G has to learn a drawing or a photograph."

    class Config(ComponentConfig):
        path: str = param("", "File", "An image: PNG, JPEG, WebP, BMP, GIF, TIFF or PPM.")
        mass: Literal["dark", "light"] = param("dark", "Points where it is", "Dark, as in ink on paper, or light.")
        threshold: float = param(
            0.1, "Threshold", "Darkness (or lightness), 0 to 1, from which on there are points: paper is never white.",
            ge=0, lt=1,
        )  # fmt: skip
        size: int = param(
            64, "Pixels", "Side of the square that the picture is shrunk to.", unit="pixels", ge=8, le=256
        )
        width: float = param(4.0, "Width", "Of the picture in the plane, around the origin.", ge=LEAST, le=FURTHEST)

    def cache_key(self) -> tuple[str, ...]:
        return (*super().cache_key(), signature(existing(self.config.path)))

    def density(self) -> Density:
        path = existing(self.config.path)
        dark = self.config.mass == "dark"
        if path.is_dir():
            raise StudioError("this is a folder; choose one image file", str(path))
        try:
            pixels, _ = decode(path, Target(self.config.size, "pad", 1, WHITE if dark else BLACK))
        except Undecodable as reason:
            raise StudioError(f"cannot be used as a picture ({reason})", str(path)) from None
        shade = pixels[::-1, :, 0].T / 255
        shade = 1 - shade if dark else shade
        heights = np.where(shade > self.config.threshold, shade, 0)
        if not heights.any():
            raise StudioError(
                f"has nothing {self.config.mass}er than the threshold; lower data.threshold or change data.mass",
                str(path),
            )
        half = self.config.width / 2
        return Histogram(heights, (-half, -half), (half, half))
