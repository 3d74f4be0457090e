"""What a person keeps of one generator: favourite samples and named directions, and the file that holds them.

The file is JSON. Numbers are written with all their digits, so that z and vectors come back to the bit. A further part
of G's input (a class) would be an optional field of a favourite, and raise ``VERSION``: the file of a newer version is
refused by its number, and a field that the present one does not have is refused by name rather than lost.
"""

import base64
import binascii
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ganstudio.experiment.errors import StudioError

VERSION = 1
MOST_BYTES = 64 << 20
"""A file of keepsakes comes from anywhere: a larger one is not looked into."""
LONGEST_NAME = 60
"""Letters of a title or a name."""
MOST = 1000
"""Favourites, and directions, of one generator."""
NONE = "this is not a file of favourites and directions, or it is damaged"


@dataclass(frozen=True, eq=False)
class Favourite:
    """A sample that somebody wants to find again. Raises ``StudioError`` for a z or a title that is none."""

    z: np.ndarray
    """(dim,) float32, before truncation. Not to be written to."""
    truncation: float = 1.0
    """ψ, 0…1: how far towards the prior's mean z was drawn when it was kept."""
    title: str = ""
    picture: bytes = b""
    """A PNG of the sample as it looked then; empty where there is none."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "z", _numbers(self.z, np.float32, "z"))
        _check_text(self.title, "title")
        if len(self.title) > LONGEST_NAME:
            raise StudioError(f"has at most {LONGEST_NAME} letters (this one has {len(self.title)})", "title")
        if not 0 <= self.truncation <= 1:
            raise StudioError(f"lies between 0 and 1 (this one is {self.truncation})", "truncation")


@dataclass(frozen=True, eq=False)
class NamedDirection:
    """A direction of z that means something. Raises ``StudioError`` for a vector whose length is not 1."""

    name: str
    vector: np.ndarray
    """(dim,) float64 of length 1. Not to be written to."""
    source: str = ""
    """Where it comes from, in words: ``A − B of 3 and 3 samples``."""
    accuracy: float | None = None
    """Cross-validated share of samples that it tells apart, 0…1, where it was fitted to some."""
    strength: float = 1.0
    """How far along the vector z moves, in z's own units, for the attribute to come about: for a difference of two
    means their distance."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "vector", _numbers(self.vector, np.float64, "vector"))
        length = float(np.linalg.norm(self.vector))
        if abs(length - 1) > 1e-6:
            raise StudioError(f"a direction has length 1 (this one {length:.3g})", "vector")
        _check_text(self.name, "name")
        _check_text(self.source, "source")
        if not self.name.strip():
            raise StudioError("give the direction a name", "name")
        if self.accuracy is not None and not 0 <= self.accuracy <= 1:
            raise StudioError(f"lies between 0 and 1 (this one is {self.accuracy})", "accuracy")
        if not np.isfinite(self.strength):
            raise StudioError("is no finite number", "strength")

    @classmethod
    def along(cls, name: str, step: np.ndarray, source: str = "", accuracy: float | None = None) -> "NamedDirection":
        """The direction of a step (dim,) in z, whose length becomes the strength. Raises ``StudioError`` for none."""
        step = np.asarray(step, np.float64)
        length = float(np.linalg.norm(step))
        if not (np.isfinite(length) and length > 0):
            raise StudioError("the two sides are the same, so there is no direction between them", "vector")
        return cls(name, step / length, source, accuracy, length)


@dataclass(frozen=True, eq=False)
class Keepsakes:
    """All that is kept of one generator. Values: a change makes another. Raises ``StudioError`` beyond ``MOST``."""

    favourites: tuple[Favourite, ...] = ()
    directions: tuple[NamedDirection, ...] = ()
    """Their names differ."""

    def __post_init__(self) -> None:
        for field in ("favourites", "directions"):
            if len(getattr(self, field)) > MOST:
                raise StudioError(f"there are at most {MOST:,} of one generator; remove some", field)

    def __len__(self) -> int:
        return len(self.favourites) + len(self.directions)

    def merged(self, other: "Keepsakes") -> "Keepsakes":
        """With what the other has besides: nothing twice, and names of directions made different."""
        samples = {_sample(one) for one in self.favourites}
        vectors = {one.vector.tobytes() for one in self.directions}
        favourites = [one for one in other.favourites if _sample(one) not in samples]
        directions = [one for one in other.directions if one.vector.tobytes() not in vectors]
        return Keepsakes((*self.favourites, *favourites), self.directions).with_directions(directions)

    def with_direction(self, direction: NamedDirection) -> "Keepsakes":
        """With one more direction, whose name gets a number where it is taken."""
        return self.with_directions([direction])

    def with_directions(self, more: Iterable[NamedDirection]) -> "Keepsakes":
        """With more directions, one after another as ``with_direction`` takes them."""
        found, taken, tried = list(self.directions), {one.name for one in self.directions}, dict[str, int]()
        for one in more:
            name = free_name(one.name, taken, tried)
            taken.add(name)
            found.append(one if name == one.name else replace(one, name=name))
        return replace(self, directions=tuple(found))

    def dumps(self) -> str:
        """As JSON, which ``loads`` reads."""
        favourites = [
            {
                "title": one.title,
                "truncation": float(one.truncation),
                "z": [float(number) for number in one.z],
                "picture": base64.b64encode(one.picture).decode(),
            }
            for one in self.favourites
        ]
        directions = [
            {
                "name": one.name,
                "source": one.source,
                "accuracy": None if one.accuracy is None else float(one.accuracy),
                "strength": float(one.strength),
                "vector": [float(number) for number in one.vector],
            }
            for one in self.directions
        ]
        parts = {"favourites": favourites, "directions": directions}
        return json.dumps({"version": VERSION, **parts}, indent=1, ensure_ascii=False, allow_nan=False)

    @classmethod
    def loads(cls, text: str, source: str = "keepsakes") -> "Keepsakes":
        """What ``dumps`` wrote. Raises ``StudioError`` headed by ``source``, a file's path, for anything else."""
        if len(text) > MOST_BYTES:
            raise StudioError("is larger than a file of favourites and directions can be", source)
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise StudioError(f"{NONE} (no JSON)", source) from None
        if isinstance(found, dict) and isinstance(found.get("version"), int) and found["version"] > VERSION:
            raise StudioError("was saved by a newer version of GAN Studio; install that one to open it", source)
        try:
            return _File.model_validate(found).keepsakes()
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            if first["type"] == "extra_forbidden":
                raise StudioError(f"has a field that no file of this version has ({where[:80]})", source) from None
            raise StudioError(f"{NONE} ({where + ': ' if where else ''}{first['msg']})", source) from None
        except StudioError as error:
            raise StudioError(f"{NONE} ({error})", source) from None


def free_name(name: str, taken: Collection[str], tried: dict[str, int] | None = None) -> str:
    """The name as it is kept: without space around it, not too long, of text alone, with a number where it is taken.

    ``tried`` remembers, from call to call while more are taken, up to which number each name is.
    """
    name = " ".join(name.encode(errors="ignore").decode().split())[:LONGEST_NAME]
    found, number = name, 1 if tried is None else tried.get(name, 1)
    while found in taken:
        number += 1
        found = f"{name} {number}"
    if tried is not None:
        tried[name] = number
    return found


def _sample(one: Favourite) -> tuple[bytes, float]:
    return one.z.tobytes(), one.truncation


def _check_text(text: str, field: str) -> None:
    """Half a letter (a lone surrogate, which JSON can hold) can be written to no file, and shown nowhere."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise StudioError("is no text (it holds half of a letter)", field) from None


def _numbers(values: Any, kind: type, field: str) -> np.ndarray:
    with np.errstate(over="ignore"):
        found = np.array(values, kind)
    if found.ndim != 1 or not len(found) or not np.isfinite(found).all():
        raise StudioError(f"is no row of finite numbers (its shape is {found.shape})", field)
    found.setflags(write=False)
    return found


Number = Annotated[float, Field(allow_inf_nan=False)]


class _Row(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _FavouriteRow(_Row):
    title: str = ""
    truncation: Number = 1.0
    z: list[Number]
    picture: str = ""

    def favourite(self) -> Favourite:
        try:
            picture = base64.b64decode(self.picture, validate=True)
        except (binascii.Error, ValueError):
            raise StudioError("is no base64", "picture") from None
        return Favourite(np.array(self.z), self.truncation, self.title, picture)


class _DirectionRow(_Row):
    name: str
    source: str = ""
    accuracy: Number | None = None
    strength: Number = 1.0
    vector: list[Number]

    def direction(self) -> NamedDirection:
        return NamedDirection(self.name, np.array(self.vector), self.source, self.accuracy, self.strength)


class _File(_Row):
    version: Annotated[int, Field(ge=1, le=VERSION)]
    favourites: Annotated[list[_FavouriteRow], Field(max_length=MOST)] = []
    directions: Annotated[list[_DirectionRow], Field(max_length=MOST)] = []

    def keepsakes(self) -> Keepsakes:
        favourites = Keepsakes(tuple(one.favourite() for one in self.favourites))
        return favourites.with_directions(one.direction() for one in self.directions)
