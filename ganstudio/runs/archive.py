"""A run as one zip file, to carry it elsewhere. An archive from elsewhere is not trusted. Needs no torch."""

import os
import re
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.catalogue import is_run
from ganstudio.runs.folder import claim
from ganstudio.runs.housekeeping import contents, copy_file

PACKED = (".safetensors", ".png")
"""Hardly smaller when compressed, so stored as they are."""
KNOWN = re.compile(
    r"experiment\.toml|store\.sqlite(-wal)?|samples\.png|keepsakes\.json|encoder\.safetensors|checkpoints/\d{1,9}-\d{1,18}\.safetensors"
    r"|weights\.safetensors|metrics\.npy|run\.json"
)
"""The files of a run, of either layout. Nothing else is ever unpacked."""
MOST_FILES = 20_000
LEAST_LIMIT, LARGEST_RATIO = 256 << 20, 100
"""Bytes that may always be unpacked, and how many times an archive's own size: weights do not shrink like a bomb."""
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def zip_run(run: Path, file: Path) -> None:
    """Write a run to a zip file, which is replaced if it is there; the run may be in training meanwhile.

    Raises ``StudioError`` naming the file that cannot be read or written; nothing half is left.
    """
    passing = file.with_name(f".{file.name}.part")
    try:
        with (
            tempfile.TemporaryDirectory(prefix="ganstudio-") as kept,
            zipfile.ZipFile(passing, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            for relative in filter(lambda one: KNOWN.fullmatch(one.as_posix()), contents(run)):
                copy = Path(kept, relative.name)  # what is being written, and thinned, holds still in the copy
                copy_file(run / relative, copy)
                if copy.exists():
                    kind = zipfile.ZIP_STORED if copy.suffix in PACKED else zipfile.ZIP_DEFLATED
                    archive.write(copy, f"{run.resolve().name}/{relative.as_posix()}", kind)
                    copy.unlink()
        os.replace(passing, file)
    except OSError as error:
        blamed = error.filename if error.filename not in (None, str(passing)) else file
        raise StudioError(f"cannot be written ({error.strerror or error})", str(blamed)) from None
    finally:
        with suppress(OSError):
            passing.unlink(missing_ok=True)


def unzip_run(file: Path, place: Path, name: str = "") -> Path:
    """Unpack a run to a new folder in ``place``, called ``name`` or as the archive is, and answer it.

    Raises ``StudioError`` naming the archive when it is damaged, holds no run or more than one, names places outside
    its own folder, holds links, or would unpack to far more than it is. Then nothing is left.
    """
    with _opened(file) as archive:
        members = _members(archive, file)
        _check_size(members, file, place)
        try:
            folder = claim(place, ".unpacking")
        except OSError as error:
            raise StudioError(f"cannot be written ({error.strerror or error})", str(place)) from None
        try:
            for relative, member in members.items():
                (folder / relative).parent.mkdir(exist_ok=True)
                with archive.open(member) as packed, open(folder / relative, "wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked, 1 << 20)
            if not is_run(folder):
                raise StudioError("holds no run", str(file))
            named = claim(place, name or file.stem.lstrip(".") or "run")
            os.replace(folder, named)
        except OSError as error:
            raise StudioError(f"cannot be unpacked ({error.strerror or error})", str(file)) from None
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return named


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    """The archive; whatever is wrong with it, then or later, is one sentence."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except StudioError:
        raise
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(file)) from None
    except DAMAGED as error:
        raise StudioError(f"is damaged or not a zip file ({str(error)[:160]})", str(file)) from None


def _members(archive: zipfile.ZipFile, file: Path) -> dict[str, zipfile.ZipInfo]:
    """The run's files by their path in its folder, each a name that a run has: none leads anywhere else."""
    members = archive.infolist()
    if len(members) > MOST_FILES:
        raise StudioError(f"holds {len(members):,} files, more than a run has", str(file))
    found: dict[str, zipfile.ZipInfo] = {}
    roots = set()
    for member in members:
        name, parts = member.filename, member.filename.split("/")
        if name.startswith("/") or ".." in parts or "\\" in name or ":" in parts[0]:
            raise StudioError(f"names a place outside its folder ({name[:80]!r}), so nothing was unpacked", str(file))
        if stat.S_ISLNK(member.external_attr >> 16):
            raise StudioError(f"holds a link ({name[:80]!r}), so nothing was unpacked", str(file))
        if member.flag_bits & 1:
            raise StudioError("is encrypted; unpack it yourself and open the folder", str(file))
        at = next((at for at in (0, 1) if KNOWN.fullmatch("/".join(parts[at:]))), None)
        if member.is_dir() or at is None:  # something that systems add: .DS_Store, __MACOSX/…
            continue
        roots.add(parts[0] if at else "")
        relative = "/".join(parts[at:])
        if relative in found and len(roots) == 1:
            raise StudioError(f"holds {relative!r} twice", str(file))
        found[relative] = member
    if len(roots) > 1:
        raise StudioError("holds more than one run; unpack it yourself and open one of the folders", str(file))
    if not found:
        raise StudioError("holds no run", str(file))
    return found


def _check_size(members: dict[str, zipfile.ZipInfo], file: Path, place: Path) -> None:
    """What an archive says of its sizes is what is unpacked at most: zipfile stops there."""
    total = sum(member.file_size for member in members.values())
    if total > max(LEAST_LIMIT, LARGEST_RATIO * file.stat().st_size):
        raise StudioError(f"would unpack to {total / 1e9:,.1f} GB, far more than a run of its size holds", str(file))
    there = next(one for one in (place, *place.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    if total > free:
        raise StudioError(f"needs {total / 1e9:,.1f} GB, and only {free / 1e9:,.1f} GB are free", str(place))
