"""Typed configuration of components: what a data set, network, objective, … can be told.

A component's configuration stands in the same file as its code and is all that a form, a TOML file and ``--set`` need::

    class LeastSquares(Objective):
        kind = "least-squares"
        class Config(ComponentConfig):
            real_label: float = param(1.0, "Real label", "D's target on real samples.", ge=0, le=2, live=True)
"""

from typing import Any, ClassVar, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo


def param(
    default: Any,
    title: str,
    description: str = "",
    *,
    unit: str = "",
    live: bool = False,
    log: bool = False,
    **bounds: float,
) -> Any:
    """A field of a configuration: its default with what a form shows beside it.

    ``unit`` is shown after the value; ``live`` says that an edit acts at the next step (else on restart); ``log`` asks
    for an editor in powers of ten; ``bounds`` are pydantic's ``ge``, ``gt``, ``le``, ``lt``. A field of few values is
    annotated as a ``Literal``.
    """
    extra = {"unit": unit, "live": live, "log": log}
    return Field(default, title=title, description=description, json_schema_extra=extra, **bounds)


class ComponentConfig(BaseModel):
    """Base of every configuration: unknown fields are refused, numbers must be finite."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, validate_default=True)


class Component:
    """Base of everything that an experiment names as ``{kind, params}``.

    A subclass sets ``kind`` (the name in TOML), ``title`` and ``description`` (for people) and nests a ``Config``.
    Giving it a ``kind`` enters it into the registry under its room; nothing else has to be told about it.
    """

    room: ClassVar[str] = ""
    kind: ClassVar[str] = ""
    title: ClassVar[str] = ""
    description: ClassVar[str] = ""

    class Config(ComponentConfig):
        pass

    def __init__(self, config: ComponentConfig | None = None):
        self.config = config if config is not None else self.Config()

    def __init_subclass__(cls, **kwargs: Any):
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__ and cls.kind:
            from ganstudio.experiment.registry import registry

            registry.add(cls)


def is_live(field: FieldInfo) -> bool:
    """Whether an edit of this field acts at the next step."""
    return bool(extra(field).get("live"))


def extra(field: FieldInfo) -> dict[str, Any]:
    """What ``param`` noted beside pydantic's own attributes: ``unit``, ``live``, ``log``."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def bounds(field: FieldInfo) -> dict[str, float]:
    """The field's limits by name: ``ge``, ``gt``, ``le``, ``lt``, those that are set."""
    found = {}
    for rule in field.metadata:
        for name in ("ge", "gt", "le", "lt"):
            if getattr(rule, name, None) is not None:
                found[name] = getattr(rule, name)
    return found


def choices(field: FieldInfo) -> tuple[str, ...]:
    """The values of a ``Literal`` field; empty for any other."""
    return get_args(field.annotation) if get_origin(field.annotation) is Literal else ()


NOUNS = {
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    str: "text",
    list[int]: "whole numbers",
    list[float]: "numbers",
}


def allowed(field: FieldInfo) -> str:
    """The field's allowed values in words, e.g. ``a number more than 0 and at most 1``; empty for other types."""
    if choices(field):
        return "one of " + ", ".join(choices(field))
    words = {"ge": "of at least", "gt": "more than", "le": "at most", "lt": "less than"}
    limits = " and ".join(f"{words[name]} {_plain(value)}" for name, value in bounds(field).items())
    return f"{NOUNS.get(field.annotation, '')} {limits}".strip()


def _plain(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:g}"
