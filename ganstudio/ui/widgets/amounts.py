"""Sizes, spans and moments as a table shows them. No Qt."""

from datetime import datetime


def duration(seconds: float) -> str:
    """``8.3 s``, ``12 min 5 s``, ``3 h 20 min``: two parts at most."""
    if seconds < 9.95:
        return f"{max(0.0, seconds):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min" + (f" {whole % 60} s" if whole % 60 else "")
    minutes = round(seconds / 60)
    if minutes < 1440:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    hours = round(seconds / 3600)
    return f"{hours // 24} d" + (f" {hours % 24} h" if hours % 24 else "")


def size(count: int) -> str:
    """Bytes as ``812 kB``, ``3.4 MB``, ``1.2 GB``."""
    value = count / 1000
    for unit in ("kB", "MB"):
        if value < 999.5:
            return f"{value:.1f} {unit}" if value < 9.95 and unit != "kB" else f"{max(value, count > 0):.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def moment(when: datetime, now: datetime | None = None) -> str:
    """The time where it is of today, else the day: ``14:03``, ``9 Aug 14:03``, ``2024-08-09``."""
    when, now = when.astimezone(), (now or datetime.now()).astimezone()
    if when.date() == now.date():
        return f"{when:%H:%M}"
    if abs((now - when).days) < 300:
        return f"{when.day} {when:%b %H:%M}"
    return f"{when:%Y-%m-%d}"
