"""Whether a window can be shown here: asked before Qt is, which would end the program with a misleading message."""

import ctypes
import os
import sys


def has_display() -> bool:
    """Whether a window can be shown: on Linux, a display server is named, or Qt is told to do without one."""
    if not sys.platform.startswith("linux"):
        return True
    platform = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if platform and not platform.startswith(("xcb", "wayland")):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def missing_library() -> str:
    """A sentence when a library that Qt needs is absent: Qt itself would end the program, blaming another one."""
    if not sys.platform.startswith("linux"):
        return ""
    try:
        from PySide6 import QtGui, QtWidgets  # noqa: F401
    except ImportError as error:
        return f"Qt cannot start ({error}); on Debian and Ubuntu, install what the README's apt line names"
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if platform.startswith("xcb") or (not platform and not os.environ.get("WAYLAND_DISPLAY")):
        try:
            ctypes.CDLL("libxcb-cursor.so.0")
        except OSError:
            return "Qt needs the library libxcb-cursor; on Debian and Ubuntu: apt install libxcb-cursor0"
    return ""
