"""What of an event is kept on disk. Needs no torch."""

from typing import Any

from ganstudio.training.events import Event

PASSING = ("loading", "loaded", "paced", "saved")
"""Events that say nothing about the run itself."""
OMITTED = ("earlier", "traceback")
"""Data that is left out: the earlier events stand before it, tracebacks are for the log."""


def kept_data(event: Event) -> dict[str, Any]:
    """The event's data that are plain values."""
    return {key: value for key, value in event.data.items() if key not in OMITTED and _plain(value)}


def _plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(key, str) and _plain(part) for key, part in value.items())
    if isinstance(value, list | tuple):
        return all(_plain(part) for part in value)
    return value is None or isinstance(value, str | int | float | bool)
