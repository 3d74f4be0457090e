"""Reads ``.npy`` and ``.npz`` files without trusting them: sizes are checked first, nothing is unpickled."""

import math
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from ganstudio.data.dataset import Progress, report
from ganstudio.data.memory import check_room
from ganstudio.experiment.errors import StudioError

READ = 1 << 23
"""Bytes that are read at a time, between two looks at whether the person cancelled."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)
"""What numpy's and zipfile's readers raise for a damaged, encrypted or foreign file."""
ZIP = b"PK"
"""How a zip archive begins."""
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


class ArrayFile:
    """An open ``.npz`` (several arrays by name) or ``.npy`` (one, called ``arr_0``); see ``opened``."""

    def __init__(self, path: Path, file: BinaryIO):
        self.path = path
        self._file = file
        self._zip = zipfile.ZipFile(file) if zipfile.is_zipfile(file) else None
        file.seek(0)
        if self._zip is None and file.read(len(ZIP)) == ZIP:
            raise ValueError("the end of its zip archive is missing")

    @property
    def names(self) -> list[str]:
        """The arrays in the file."""
        if self._zip is None:
            return ["arr_0"]
        return [name.removesuffix(".npy") for name in self._zip.namelist() if name.endswith(".npy")]

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of an array, from its header alone."""
        with self._stream(name) as stream:
            return self._header(stream, name)[0]

    def read(self, name: str, progress: Progress | None = None) -> np.ndarray:
        """The array of that name."""
        with self._stream(name) as stream:
            shape, fortran, dtype = self._header(stream, name)
            array = np.empty(shape, dtype, "F" if fortran else "C")
            fill(array.reshape(-1, order="A"), stream, str(self.path), progress)
        return array

    @contextmanager
    def _stream(self, name: str) -> Iterator[BinaryIO]:
        if self._zip is None:
            self._file.seek(0)
            yield self._file
        else:
            with self._zip.open(f"{name}.npy") as stream:
                yield stream

    def _header(self, stream: BinaryIO, name: str) -> tuple[tuple[int, ...], bool, np.dtype]:
        try:
            version = npy.read_magic(stream)
        except ValueError:
            raise ValueError("it does not begin as one does") from None
        if version not in HEADERS:
            raise StudioError(f"its array {name!r} has named fields; save a plain array of pixels", str(self.path))
        try:
            shape, fortran, dtype = HEADERS[version](stream)
        except Exception:  # NumPy lets errors of Python's tokeniser through, among others
            raise ValueError(f"the header of {name!r} is malformed") from None
        if dtype.hasobject:
            raise StudioError(
                f"its array {name!r} holds pickled Python objects, which are not opened because they can run any "
                "program; save it as a plain array of numbers",
                str(self.path),
            )
        if min(shape, default=0) < 0:
            raise ValueError(f"a negative size in {shape}")
        check_room(math.prod(shape) * dtype.itemsize, str(self.path), f"its header says {' × '.join(map(str, shape))}")
        return shape, fortran, dtype


@contextmanager
def opened(path: Path) -> Iterator[ArrayFile]:
    """The file, open for reading. Whatever goes wrong inside the ``with`` becomes a ``StudioError`` naming the file."""
    try:
        with path.open("rb") as file:
            yield ArrayFile(path, file)
    except StudioError:
        raise
    except IsADirectoryError:
        raise StudioError("this is a folder, not an .npz or .npy file", str(path)) from None
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None
    except MemoryError:
        raise StudioError("needs more memory than this machine has", str(path)) from None
    except DAMAGED as error:
        raise StudioError(f"is damaged or not an .npz or .npy file ({_first_line(error)})", str(path)) from None


def fill(array: np.ndarray, stream: BinaryIO, source: str, progress: Progress | None = None) -> None:
    """Read a contiguous array's bytes from a stream; ``StudioError`` naming ``source`` when it ends too soon."""
    target = memoryview(array.view(np.uint8) if array.itemsize else b"")
    done = 0
    while done < len(target):
        report(progress, "reading", done / len(target))
        count = stream.readinto(target[done : done + READ])
        if not count:
            raise StudioError("ends too soon: the file is cut off", source)
        done += count


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
