"""The registry: components by room and kind, and their configurations."""

from typing import ClassVar, Literal

import pytest
from pydantic import field_validator

from ganstudio.experiment.component import Component, ComponentConfig, allowed, bounds, choices, is_live, param
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.registry import ROOMS, Registry, registry, validated


class Config(ComponentConfig):
    """One field of each type."""

    count: int = param(3, "Count", "How many.", unit="pieces", ge=1, le=9)
    rate: float = param(0.5, "Rate", live=True, log=True, gt=0, lt=1)
    mode: Literal["slow", "fast"] = param("slow", "Mode")
    on: bool = param(False, "On")
    sizes: list[int] = param([1], "Sizes")
    name: str = param("", "Name")

    @field_validator("name")
    @classmethod
    def _short(cls, name: str) -> str:
        if len(name) > 3:
            raise ValueError("must be short")
        return name


def test_every_component_describes_itself():
    for room, component in registry:
        assert component.title, component
        assert component.description.endswith("."), component
        for name, info in component.Config.model_fields.items():
            where = f"{room} {component.kind}, {name}"
            assert info.title, where
            assert info.description, where
            assert info.description.endswith("."), where
            assert not info.is_required(), where
        component.Config()  # the defaults are valid


def test_every_room_has_something_in_it():
    assert all(registry.kinds(room) for room in ROOMS)


def test_kinds_are_sorted():
    for room in ROOMS:
        assert list(registry.kinds(room)) == sorted(registry.kinds(room))


def test_regularisers_constraints_and_augmentations_are_off_by_default():
    for room in ("regulariser", "constraint", "augmentation"):
        for kind in registry.kinds(room):
            assert not registry.build(room, kind, {}).active, kind


def test_an_unknown_kind_is_refused_with_those_there_are():
    with pytest.raises(
        StudioError, match=r"^objective: there is no objective called 'hing'; choose one of hinge, least"
    ):
        registry.find("objective", "hing", "objective")


def test_a_second_component_of_the_same_kind_is_refused():
    found = Registry()

    class One(Component):
        room: ClassVar[str] = "noise"

    class Other(Component):
        room: ClassVar[str] = "noise"

    One.kind = Other.kind = "same"
    found.add(One)
    found.add(One)  # a module that is imported again
    with pytest.raises(ValueError, match="two components are called 'same'"):
        found.add(Other)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"count": 0}, "here.count: must be a whole number of at least 1 and at most 9 (it is 0)"),
        ({"count": None}, "here.count: must be a whole number of at least 1 and at most 9"),
        ({"rate": 1}, "here.rate: must be a number more than 0 and less than 1 (it is 1)"),
        ({"rate": float("inf")}, "here.rate: must be a number more than 0 and less than 1 (it is inf)"),
        ({"mode": "quick"}, "here.mode: must be one of slow, fast (it is 'quick')"),
        ({"on": "perhaps"}, "here.on: must be true or false (it is 'perhaps')"),
        ({"sizes": ["a"]}, "here.sizes.0: must be whole numbers (it is 'a')"),
        ({"sizes": 3}, "here.sizes: must be whole numbers (it is 3)"),
        ({"name": 3}, "here.name: must be text (it is 3)"),
        ({"name": "long"}, "here.name: must be short (it is 'long')"),
        ({"speed": 1}, "here.speed: there is no such field; the fields here are: count, rate, mode, on, sizes, name"),
    ],
)
def test_each_bad_parameter_gets_one_sentence(given, sentence):
    with pytest.raises(StudioError) as caught:
        validated(Config, given, "here")
    assert str(caught.value) == sentence


def test_what_a_form_needs_to_know_of_a_field():
    fields = Config.model_fields
    assert bounds(fields["count"]) == {"ge": 1, "le": 9}
    assert bounds(fields["rate"]) == {"gt": 0, "lt": 1}
    assert choices(fields["mode"]) == ("slow", "fast")
    assert choices(fields["name"]) == ()
    assert is_live(fields["rate"])
    assert not is_live(fields["count"])
    assert allowed(fields["on"]) == "true or false"
