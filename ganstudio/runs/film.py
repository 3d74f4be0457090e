"""Films: pictures one after another in a file that plays anywhere. WebP, GIF, MP4, or a PNG of a few of them.

Each picture goes into the file as it comes: a film of an hour takes no more memory than one of a second.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.film_formats import GifFilm, Mp4Film, SheetFilm, WebpFilm, Writer

FORMATS: dict[str, type[Writer]] = {".webp": WebpFilm, ".gif": GifFilm, ".mp4": Mp4Film, ".png": SheetFilm}
"""Suffix of the file → what writes it."""
SLOWEST, FASTEST = 0.1, 60.0
"""Pictures a second that a film may have."""


def check_film(path: Path, fps: float) -> type[Writer]:
    """What writes such a film; ``StudioError`` for what cannot be one: suffix, speed, folder, a missing extra."""
    if path.suffix.lower() not in FORMATS:
        raise StudioError(f"a film's name ends in {', '.join(FORMATS)} (this one ends in {path.suffix!r})", str(path))
    if not SLOWEST <= fps <= FASTEST:
        raise StudioError(f"must be {SLOWEST:g} to {FASTEST:g} pictures a second (it is {fps:g})", "fps")
    if not path.parent.is_dir():
        raise StudioError("there is no such folder; choose another place for the film", str(path.parent))
    if path.is_dir():
        raise StudioError("this is a folder; give the film a name", str(path))
    kind = FORMATS[path.suffix.lower()]
    kind.check()
    return kind


def write_film(
    frames: Iterable[np.ndarray], path: Path, fps: float, progress: Callable[[int], object] | None = None
) -> int:
    """Write pictures as a film and answer how many there were; the file is there when it is whole, not before.

    ``frames`` are uint8 arrays (H, W, 3); those of another size than the first are fitted into it. ``progress`` is told
    after each picture how many are written. Whatever either of them raises ends the film and leaves no file of it,
    nor harms one that was there.

    Raises ``StudioError`` when there is no picture, or the file cannot be such a film or cannot be written.
    """
    kind = check_film(path, fps)
    passing = path.with_name(f".{path.name}.part")
    count = 0
    try:
        with open(passing, "wb") as file:
            writer: Writer | None = None
            for picture in _alike(frames):
                writer = writer or _begin(kind, file, picture, fps, path)
                writer.add(picture)
                count += 1
                if progress is not None:
                    progress(count)
            if writer is None:
                raise StudioError("there is no picture to make a film of", str(path))
            writer.end()
            file.flush()
            os.fsync(file.fileno())
        os.replace(passing, path)
    except OSError as error:
        _drop(passing)
        raise StudioError(f"the film cannot be written ({error.strerror or error})", str(path)) from None
    except BaseException:
        _drop(passing)
        raise
    return count


def _begin(kind: type[Writer], file: BinaryIO, picture: np.ndarray, fps: float, path: Path) -> Writer:
    height, width = picture.shape[:2]
    if max(height, width) > kind.largest:
        words = (
            f"a {path.suffix} film is at most {kind.largest:,} pixels wide and high (this one is {width} × {height})"
        )
        raise StudioError(words, str(path))
    return kind(file, width, height, fps)


def _alike(frames: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
    """The pictures, all of the first one's size."""
    size: tuple[int, int] | None = None
    for picture in frames:
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
            raise ValueError(f"a picture is uint8 (H, W, 3), not {picture.dtype} {picture.shape}")
        size = size or (picture.shape[1], picture.shape[0])
        if (picture.shape[1], picture.shape[0]) != size:
            picture = np.asarray(ImageOps.pad(Image.fromarray(picture), size))
        yield np.ascontiguousarray(picture)


def _drop(passing: Path) -> None:
    with suppress(OSError):
        passing.unlink(missing_ok=True)
