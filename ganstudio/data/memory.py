"""How much data this machine can hold: checked before anything is allocated."""

import os

from ganstudio.experiment.errors import StudioError

# Where the system does not say how much memory it has (Windows), this much is assumed.
ASSUMED = 16 << 30


def physical() -> int:
    """The machine's memory in bytes."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return ASSUMED


def check_room(nbytes: int, field: str, remedy: str) -> None:
    """``StudioError`` that ends in ``remedy`` when data of this size would take more than half of the memory."""
    limit = physical() // 2
    if nbytes > limit:
        needed = min(-(-nbytes >> 30), 10**9)
        raise StudioError(
            f"needs {needed:,} GB of memory, more than the {limit / 2**30:.1f} GB that data may take here; {remedy}",
            field,
        )
