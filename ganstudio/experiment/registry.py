"""Finds components by room and kind. A new one needs its file alone: every module of a room is imported."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from ganstudio.experiment.component import Component, ComponentConfig, allowed
from ganstudio.experiment.errors import StudioError

# Named as text: these rooms lie above this one and import torch, which only their users should pay for.
ROOMS = {
    "data": "ganstudio.data",
    "noise": "ganstudio.networks",
    "network": "ganstudio.networks",
    "objective": "ganstudio.games.objectives",
    "regulariser": "ganstudio.games.regularisers",
    "constraint": "ganstudio.games.regularisers",
    "augmentation": "ganstudio.games.regularisers",
    "optimiser": "ganstudio.games",
    "game": "ganstudio.games",
}


class Registry:
    """All component classes, by room and kind."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, type[Component]]] = {room: {} for room in ROOMS}
        self._loaded: set[str] = set()

    def add(self, component: type[Component]) -> None:
        """Enter a class; its ``room`` must be one of ``ROOMS``. A second class of the same kind is refused."""
        kinds = self._found.setdefault(component.room, {})
        other = kinds.get(component.kind)
        if other is not None and other.__qualname__ != component.__qualname__:
            raise ValueError(f"two components are called {component.kind!r} in room {component.room!r}")
        kinds[component.kind] = component

    def load(self) -> None:
        """Import every module of every room (a few seconds, because of torch). Safe to call again."""
        for package in dict.fromkeys(ROOMS.values()):
            self._load(package)

    def _load(self, package: str) -> None:
        if package in self._loaded:
            return
        module = importlib.import_module(package)
        for info in pkgutil.iter_modules(module.__path__):
            importlib.import_module(f"{package}.{info.name}")
        self._loaded.add(package)

    def kinds(self, room: str) -> dict[str, type[Component]]:
        """Kind → class of a room, sorted by kind."""
        self._load(ROOMS[room])
        return dict(sorted(self._found[room].items()))

    def find(self, room: str, kind: str, field: str = "") -> type[Component]:
        """The class of that kind; ``StudioError`` naming ``field`` and the kinds there are, when there is none."""
        kinds = self.kinds(room)
        if kind not in kinds:
            raise StudioError(f"there is no {room} called {kind!r}; choose one of {', '.join(kinds)}", field)
        return kinds[kind]

    def configure(self, room: str, kind: str, params: dict, field: str = "") -> ComponentConfig:
        """The component's validated configuration; ``field`` is the dotted path of its params, for errors."""
        component = self.find(room, kind, field)
        return validated(component.Config, params, field)

    def build(self, room: str, kind: str, params: dict, field: str = "") -> Component:
        """The component itself, configured."""
        return self.find(room, kind, field)(self.configure(room, kind, params, field))

    def __iter__(self) -> Iterator[tuple[str, type[Component]]]:
        for room in ROOMS:
            for component in self.kinds(room).values():
                yield room, component


def validated(config: type[ComponentConfig], values: dict, field: str = "") -> ComponentConfig:
    """``config(**values)``, its errors turned into one ``StudioError`` that names the field and the allowed range."""
    try:
        return config.model_validate(values)
    except ValidationError as error:
        raise plain(error, config, field) from None


def plain(error: ValidationError, config: type[ComponentConfig], field: str = "") -> StudioError:
    """The first of pydantic's complaints as one sentence."""
    first = error.errors()[0]
    names = [str(part) for part in first["loc"]]
    path = ".".join([field, *names] if field else names)
    model, info = _found_at(config, first["loc"])
    if first["type"] == "extra_forbidden":
        known = ", ".join(model.model_fields) or "none"
        return StudioError(f"there is no such field; the fields here are: {known}", path)
    if first["type"] == "missing":
        return StudioError("is missing", path)
    value = first.get("input")
    shown = f" (it is {value!r})" if isinstance(value, int | float | str | bool) else ""
    limit = allowed(info) if info is not None else ""
    if limit and first["type"] != "value_error":
        return StudioError(f"must be {limit}{shown}", path)
    if first["type"] in ("model_type", "dict_type"):
        return StudioError(f"must be a table{shown}", path)
    text = first["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return StudioError(f"{text[:1].lower()}{text[1:]}{shown}", path)


def _found_at(config: type[BaseModel], location: tuple) -> tuple[type[BaseModel], FieldInfo | None]:
    """The innermost model on the way to one of pydantic's locations, and its field there, if there is one."""
    model, info, inside = config, None, config
    for part in location:
        if isinstance(inside, type) and issubclass(inside, BaseModel):
            model, info = inside, inside.model_fields.get(str(part))
            inside = info.annotation if info is not None else None
        elif get_origin(inside) is dict:
            inside, info = get_args(inside)[1], None
    return model, info


registry = Registry()
