"""Numeric arrays in MATLAB 5 files, as SVHN comes in (MathWorks, "MAT-File Format", level 5). Nothing else is read."""

import math
import struct
import zlib
from pathlib import Path

import numpy as np

from ganstudio.data.memory import check_room
from ganstudio.experiment.errors import StudioError

HEADER = 128
COMPRESSED, MATRIX = 15, 14
TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
"""NumPy's name for the storage types (table 1-1)."""


def read_mat(path: Path) -> dict[str, np.ndarray]:
    """Name → array of every numeric matrix in the file, in its own storage type.

    Raises ``StudioError`` naming the file when it is damaged or not a little-endian level 5 file.
    """
    try:
        data = memoryview(path.read_bytes())
        if bytes(data[126:128]) != b"IM":
            raise ValueError("not level 5")
        found = {}
        position = HEADER
        while position < len(data):
            kind, part, position = _element(data, position)
            if kind == COMPRESSED:
                kind, part, _ = _element(memoryview(_inflated(part, path)), 0)
            if kind == MATRIX:
                name, array = _matrix(part)
                found[name] = array
        return found
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None
    except (ValueError, KeyError, IndexError, struct.error, zlib.error):
        raise StudioError("is cut off or damaged; delete it and load again", str(path)) from None


def _inflated(part: memoryview, path: Path) -> bytes:
    """A compressed element's bytes: its own tag says how many, and no more are unpacked."""
    unpacker = zlib.decompressobj()
    head = unpacker.decompress(part, 8)
    length = struct.unpack("<I", head[4:8])[0]
    check_room(length, str(path), "its header says so")
    return head + unpacker.decompress(unpacker.unconsumed_tail, max(1, length))


def _element(data: memoryview, position: int) -> tuple[int, memoryview, int]:
    """(type, contents, position of the next element); small elements hold up to four bytes in their tag."""
    kind, length = struct.unpack_from("<II", data, position)
    if kind >> 16:
        return kind & 0xFFFF, data[position + 4 : position + 4 + (kind >> 16)], position + 8
    end = position + 8 + length
    if end > len(data):
        raise ValueError("cut off")
    # Compressed elements alone are not padded to eight bytes.
    return kind, data[position + 8 : end], end if kind == COMPRESSED else -(-end // 8) * 8


def _matrix(part: memoryview) -> tuple[str, np.ndarray]:
    _, _, position = _element(part, 0)  # array flags
    _, sizes, position = _element(part, position)
    shape = tuple(np.frombuffer(sizes, "<i4"))
    _, name, position = _element(part, position)
    kind, values, _ = _element(part, position)
    array = np.frombuffer(values, np.dtype(TYPES[kind]).newbyteorder("<"))
    if len(array) != math.prod(shape):
        raise ValueError("cut off")
    return bytes(name).decode("ascii", "replace"), array.reshape(shape, order="F")
