"""Python's collector of cyclic rubbish, held back while a window is open.

Left to itself it runs on whichever thread makes the next object: on the training thread it would finalise Qt objects
there, and crash. While it is held, the bridges collect on the window's thread.
"""

import gc

_holders: set[int] = set()


def hold(holder: object) -> None:
    """Hold it back until this one lets go, and all others."""
    _holders.add(id(holder))
    gc.disable()


def let_go(holder: object) -> None:
    """This one no longer needs it held; again is no more."""
    _holders.discard(id(holder))
    if not _holders:
        gc.unfreeze()
        gc.enable()
