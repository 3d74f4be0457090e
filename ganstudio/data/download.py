"""Fetches a file into the user's cache: checked, with progress and a way to stop; nothing half-done stays behind."""

import errno
import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import platformdirs

from ganstudio.data.dataset import Progress, report
from ganstudio.experiment.errors import StudioError

TIMEOUT = 10
"""Seconds without a byte after which a connection is given up."""
BLOCK = 1 << 18
"""Bytes between two looks at whether the person cancelled."""


@dataclass(frozen=True)
class Remote:
    """A file that can be fetched."""

    name: str
    """Its name in the cache."""
    urls: tuple[str, ...]
    """Where it is, the best place first."""
    md5: str
    nbytes: int
    """About how large it is, for a progress bar where the server does not say."""


def cache_folder() -> Path:
    """Where downloads are kept: ``datasets`` in the user's cache folder."""
    return Path(platformdirs.user_cache_dir("ganstudio", appauthor=False)) / "datasets"


def fetch(remote: Remote, folder: Path, progress: Progress | None = None) -> Path:
    """The file's path in ``folder``, downloaded there unless it is already.

    Raises ``StudioError`` when no address answers with the right file or the folder cannot be written, and
    ``Cancelled``; either way only whole, checked files are left under their name.
    """
    path = folder / remote.name
    if path.is_file():
        return path
    part = path.with_name(path.name + ".part")
    reasons = []
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for url in remote.urls:
            reason = _fetch(url, remote, part, progress)
            if not reason:
                part.replace(path)
                return path
            reasons.append(f"{urlsplit(url).hostname or url}: {reason}")
    except OSError as error:
        full = "the disk is full" if error.errno == errno.ENOSPC else error.strerror or error
        raise StudioError(f"cannot be written ({full})", str(path)) from None
    finally:
        with suppress(OSError):
            part.unlink()
    raise StudioError(
        f"cannot be downloaded ({'; '.join(reasons)}); check the network and load it again, put the file at {path} "
        "by hand, or choose a data set that ships with the program",
        remote.name,
    )


def _fetch(url: str, remote: Remote, part: Path, progress: Progress | None) -> str:
    """Download to ``part``; the reason in a few words when that fails. ``OSError`` is about the disk only."""
    report(progress, f"connecting to {urlsplit(url).hostname or url}", 0.0)
    digest = hashlib.md5(usedforsecurity=False)
    done = 0
    try:
        with part.open("wb") as file, _answer(lambda: _open(url)) as response:
            length = response.headers.get("Content-Length") or ""
            promised = int(length) if length.isdigit() else 0
            total = promised or remote.nbytes
            while block := _answer(lambda: response.read(BLOCK)):
                digest.update(block)
                file.write(block)
                done += len(block)
                report(progress, f"downloading {remote.name}", min(1.0, done / total))
    except _NoAnswer as reason:
        return str(reason)
    if done < promised:
        return "the connection broke off"
    return "" if digest.hexdigest() == remote.md5 else "what arrived is not the expected file"


def _open(url: str) -> Any:
    return urlopen(Request(url, headers={"User-Agent": "ganstudio"}), timeout=TIMEOUT)


class _NoAnswer(Exception):
    """The server or the network failed, for this reason."""


def _answer(ask: Callable[[], Any]) -> Any:
    """What the server gives; ``_NoAnswer`` in place of the many errors of a network."""
    try:
        return ask()
    except HTTPError as error:
        raise _NoAnswer(f"the server answers {error.code}") from None
    except (OSError, HTTPException) as error:
        cause = getattr(error, "reason", error)
        if isinstance(cause, TimeoutError):
            raise _NoAnswer("no answer") from None
        raise _NoAnswer(getattr(cause, "strerror", None) or str(cause) or type(cause).__name__) from None
