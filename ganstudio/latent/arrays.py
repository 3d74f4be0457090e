"""Reads an array in NumPy's .npy format that comes from anywhere: runs no code from it, reserves no more than it is.

``numpy.load`` guesses the kind of a file, and lets half a dozen exceptions out of a header that was made to harm; it
also reserves whatever the header claims. The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format
"""

import io
import math
import tokenize

import numpy as np

HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
"""Version 3 is for names of fields beyond Latin 1: no array of plain numbers."""
DAMAGED = (
    *(ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, OverflowError, MemoryError),
    *(RecursionError, SyntaxError, tokenize.TokenError),
)
"""What NumPy raises for headers that are none; it evaluates them as Python literals."""


def read_npy(content: bytes) -> np.ndarray:
    """The array of an ``.npy`` file's content, in C order, writable. What follows it is passed over.

    Raises ``ValueError`` for everything that is no such array of numbers or letters.
    """
    file = io.BytesIO(content)
    try:
        shape, fortran, kind = HEADERS[np.lib.format.read_magic(file)](file)
        if kind.hasobject or any(type(side) is not int or side < 0 for side in shape):  # True is no side
            raise ValueError("objects, or no shape")
        if math.prod(shape) * kind.itemsize > len(content) - file.tell():
            raise ValueError("cut short")
        flat = np.frombuffer(content, kind, math.prod(shape), file.tell())
        return flat.reshape(shape, order="F" if fortran else "C").copy(order="C")
    except DAMAGED as error:
        raise ValueError(f"no .npy array ({type(error).__name__})") from None
