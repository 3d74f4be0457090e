"""How each kind of film is laid out in its file. Pictures are uint8 arrays (H, W, 3), all of one size.

Pillow's own writers of animations want all pictures at once; here each goes into the file as it comes, and of it only
the box that differs from the picture before.
"""

import io
import struct
from collections.abc import Sequence
from fractions import Fraction
from math import ceil, sqrt
from typing import Any, BinaryIO, ClassVar

import numpy as np
from PIL import GifImagePlugin, Image

from ganstudio.experiment.errors import StudioError

Box = tuple[int, int, int, int]
"""Left, top, right, bottom."""


class Writer:
    """Writes one film into an open file: ``add`` each picture, then ``end``."""

    largest: ClassVar[int] = 65_535
    """Pixels of a side at the most."""

    @classmethod
    def check(cls) -> None:
        """Raise ``StudioError`` when something is missing that this kind of film needs."""

    def __init__(self, file: BinaryIO, width: int, height: int, fps: float):
        self.file, self.width, self.height, self.fps = file, width, height, fps

    def add(self, picture: np.ndarray) -> None:
        raise NotImplementedError

    def end(self) -> None:
        """Complete the file, which stays open."""


class _Animation(Writer):
    """Pictures in turn, each with the time that it stays: it is written when the next one has come."""

    unit: ClassVar[int]
    """Units of time in a second."""
    even: ClassVar[bool] = False
    """Whether boxes begin at even pixels."""

    def __init__(self, file: BinaryIO, width: int, height: int, fps: float):
        super().__init__(file, width, height, fps)
        self._last: np.ndarray | None = None
        self._waiting: tuple[np.ndarray, Box, int] | None = None  # a picture, its box, and when it comes
        self._count = 0
        self.head()

    def add(self, picture: np.ndarray) -> None:
        at = round(self._count * self.unit / self.fps)
        self._count += 1
        box = (0, 0, self.width, self.height) if self._last is None else self._changed(self._last, picture)
        self._last = picture
        if box is None:  # the picture before stays
            return
        self._write_waiting(at)
        self._waiting = picture, box, at

    def end(self) -> None:
        self._write_waiting(round(self._count * self.unit / self.fps))

    def _write_waiting(self, until: int) -> None:
        if self._waiting is not None:
            picture, (left, top, right, bottom), at = self._waiting
            self.write(picture[top:bottom, left:right], left, top, max(1, until - at))

    def _changed(self, before: np.ndarray, after: np.ndarray) -> Box | None:
        """The box outside of which two pictures are the same; None when they are."""
        differs = (before != after).any(axis=2)
        rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
        if not len(rows):
            return None
        grain = 2 if self.even else 1
        return (
            int(columns[0]) // grain * grain,
            int(rows[0]) // grain * grain,
            int(columns[-1]) + 1,
            int(rows[-1]) + 1,
        )

    def head(self) -> None:
        raise NotImplementedError

    def write(self, part: np.ndarray, left: int, top: int, stays: int) -> None:
        """Put a part of a picture in the file, with the units of time that it stays."""
        raise NotImplementedError


class GifFilm(_Animation):
    """GIF89a: 256 colours a picture, chosen for each; plays everywhere, and is large."""

    unit = 100

    def head(self) -> None:
        # No global table of colours: each picture brings its own. Then the extension that makes it loop.
        self.file.write(b"GIF89a" + struct.pack("<HHBBB", self.width, self.height, 0, 0, 0))
        self.file.write(b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00")

    def write(self, part: np.ndarray, left: int, top: int, stays: int) -> None:
        image = _paletted(part)
        for block in GifImagePlugin.getdata(image, (left, top), duration=10 * stays, include_color_table=True):
            self.file.write(block)

    def end(self) -> None:
        super().end()
        self.file.write(b";")


class WebpFilm(_Animation):
    """Animated WebP, a container of single pictures (developers.google.com/speed/webp/docs/riff_container)."""

    unit, even, largest = 1000, True, 16_383
    quality: ClassVar[int] = 88

    def head(self) -> None:
        self.file.write(b"RIFF\x00\x00\x00\x00WEBP")  # the size comes at the end
        flags = 0b10  # animated, no alpha
        self._chunk(b"VP8X", struct.pack("<I", flags) + _24(self.width - 1) + _24(self.height - 1))
        self._chunk(b"ANIM", struct.pack("<IH", 0xFF000000, 0))  # black behind, plays for ever

    def write(self, part: np.ndarray, left: int, top: int, stays: int) -> None:
        height, width = part.shape[:2]
        still = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(part)).save(still, "WEBP", quality=self.quality, method=2)
        place = b"".join(map(_24, (left // 2, top // 2, width - 1, height - 1, stays)))
        no_blending = b"\x02"
        self._chunk(b"ANMF", place + no_blending + still.getvalue()[12:])

    def end(self) -> None:
        super().end()
        size = self.file.tell()
        self.file.seek(4)
        self.file.write(struct.pack("<I", size - 8))
        self.file.seek(size)

    def _chunk(self, name: bytes, content: bytes) -> None:
        self.file.write(name + struct.pack("<I", len(content)) + content + b"\x00" * (len(content) % 2))


class Mp4Film(Writer):
    """H.264 in MP4, through PyAV. Its sides are even: an odd one gets another row or column of the same."""

    largest = 8_192

    @classmethod
    def check(cls) -> None:
        try:
            import av  # noqa: F401
        except ImportError:
            raise StudioError(
                'MP4 needs PyAV: install it with pip install "ganstudio[film]", or choose .webp or .gif', "av"
            ) from None

    def __init__(self, file: BinaryIO, width: int, height: int, fps: float):
        super().__init__(file, width, height, fps)
        import av

        self._av: Any = av
        self._container = av.open(file, "w", format="mp4")
        self._stream: Any = self._container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000))
        self._stream.width, self._stream.height = width + width % 2, height + height % 2
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"crf": "18"}

    def add(self, picture: np.ndarray) -> None:
        odd = ((0, self.height % 2), (0, self.width % 2), (0, 0))
        frame = self._av.VideoFrame.from_ndarray(np.pad(picture, odd, mode="edge"), format="rgb24")
        self._mux(frame)

    def end(self) -> None:
        self._mux(None)
        self._container.close()

    def _mux(self, frame: Any) -> None:
        try:
            for packet in self._stream.encode(frame):
                self._container.mux(packet)
        except self._av.FFmpegError as error:
            raise OSError(error.errno, error.strerror) from None


class SheetFilm(Writer):
    """A PNG of a few pictures of the film, evenly spread with the first and the last, to be read like a page."""

    most: ClassVar[int] = 16
    side: ClassVar[int] = 640
    """Larger pictures are made smaller: a page of sixteen windows would be a hundred megapixels."""
    gap: ClassVar[int] = 4

    def __init__(self, file: BinaryIO, width: int, height: int, fps: float):
        super().__init__(file, width, height, fps)
        self._kept: list[tuple[int, Image.Image]] = []  # every ``_stride``-th, and the last
        self._stride, self._count = 1, 0

    def add(self, picture: np.ndarray) -> None:
        if self._kept and self._kept[-1][0] % self._stride:
            self._kept.pop()  # it stood there as the last
        small = Image.fromarray(picture)
        small.thumbnail((self.side, self.side), Image.Resampling.LANCZOS)
        self._kept.append((self._count, small.copy()))
        self._count += 1
        if len(self._kept) > 2 * self.most:
            self._stride *= 2
            self._kept = [one for one in self._kept if one[0] % self._stride == 0 or one is self._kept[-1]]

    def end(self) -> None:
        chosen = _spread([picture for _, picture in self._kept], self.most)
        width, height = chosen[0].width + self.gap, chosen[0].height + self.gap
        columns = _columns(len(chosen), width, height)
        sheet = Image.new("RGB", (columns * width - self.gap, ceil(len(chosen) / columns) * height - self.gap), "white")
        for index, picture in enumerate(chosen):
            sheet.paste(picture, (index % columns * width, index // columns * height))
        sheet.save(self.file, "PNG")


def _spread(pictures: Sequence[Image.Image], most: int) -> list[Image.Image]:
    """At most so many of them, evenly spread, with the first and the last."""
    if len(pictures) <= most:
        return list(pictures)
    return [pictures[round(i * (len(pictures) - 1) / (most - 1))] for i in range(most)]


def _columns(count: int, width: int, height: int) -> int:
    """Columns of a page twice as wide as high; a short film is a strip."""
    return count if count <= 4 else min(count, max(1, round(sqrt(2 * count * height / width))))


def _paletted(part: np.ndarray) -> Image.Image:
    """A picture with at most 256 colours: all of them where it is grey."""
    if all(np.array_equal(part[..., 0], part[..., channel]) for channel in (1, 2)):
        image = Image.fromarray(np.ascontiguousarray(part[..., 0]))
        image.putpalette([grey for grey in range(256) for _ in range(3)])
        return image
    return Image.fromarray(np.ascontiguousarray(part)).quantize(256, Image.Quantize.MEDIANCUT)


def _24(number: int) -> bytes:
    """24 bits, the lowest byte first."""
    return struct.pack("<I", number)[:3]
