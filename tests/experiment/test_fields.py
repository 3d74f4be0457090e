"""What a form is told of an experiment's fields."""

import pytest

from ganstudio.experiment.component import extra
from ganstudio.experiment.differences import field_paths
from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import OPEN_ROOMS, Experiment, Spec
from ganstudio.experiment.fields import is_on, sections
from ganstudio.experiment.files import preset, presets
from ganstudio.experiment.paths import field_at, live, value_at
from ganstudio.experiment.registry import registry

EDITED_TYPES = {
    "integer": int,
    "number": (int, float),
    "switch": bool,
    "choice": str,
    "text": str,
    "integers": list,
    "numbers": list,
    "folder": str,
    "file": str,
}


def fields(experiment: Experiment) -> dict:
    return {field.path: field for section in sections(experiment) for field in section.fields}


@pytest.mark.parametrize("name", presets())
def test_every_field_of_a_preset_stands_in_the_form_once_and_fits_its_editor(name):
    experiment = preset(name)
    found = [field for section in sections(experiment) for field in section.fields]
    paths = [field.path for field in found]
    assert len(paths) == len(set(paths))
    # The game's kind is left out as long as there is but one.
    assert set(field_paths(experiment)) - set(paths) <= {"game.kind"}
    for field in found:
        value = value_at(experiment, field.path)
        assert isinstance(value, EDITED_TYPES[field.editor]), field.path
        assert field.live is live(experiment, field.path), field.path
        assert field.title, field.path
        assert field.description, field.path
        if field.editor == "choice":
            assert value in [choice.value for choice in field.choices], field.path


def test_every_regulariser_constraint_and_augmentation_has_a_section_that_is_off():
    experiment = preset("mlp-mnist")
    optional = [section for section in sections(experiment) if section.optional]
    expected = {f"{group}.{kind}" for group, room in OPEN_ROOMS.items() for kind in registry.kinds(room)}
    assert {section.name for section in optional} == expected
    assert not any(is_on(experiment, section) for section in optional)


def test_a_section_is_on_when_its_component_does_something():
    experiment, _ = change(preset("mlp-mnist"), "instance_noise", 0.1)
    section = next(one for one in sections(experiment) if one.name == "regularisers.instance-noise")
    assert is_on(experiment, section)
    spelt, _ = change(experiment, "instance_noise", 0.0)
    assert not is_on(spelt, section)


def test_fields_carry_limits_units_and_explanations():
    found = fields(preset("dcgan-mnist"))
    rate = found["players.generator.optimiser.params.lr"]
    assert (rate.editor, rate.live, rate.log) == ("number", True, True)
    assert rate.limits == {"gt": 0, "le": 10}
    assert "more than 0 and at most 10" in rate.allowed
    assert found["batch_size"].unit == "samples"
    assert found["players.generator.network.params.width"].editor == "integer"
    assert not found["players.generator.network.params.width"].live


def test_objectives_are_offered_with_formula_and_source():
    choices = fields(preset("dcgan-mnist"))["objective.kind"].choices
    assert {choice.value for choice in choices} == set(registry.kinds("objective"))
    saturating = next(choice for choice in choices if choice.value == "saturating")
    component = registry.find("objective", "saturating")
    assert saturating.title == component.title
    assert component.formula in saturating.description
    assert component.source in saturating.description


def test_a_player_is_offered_networks_of_its_own_role():
    found = fields(preset("dcgan-mnist"))
    for role in ("generator", "discriminator"):
        kinds = [choice.value for choice in found[f"players.{role}.network.kind"].choices]
        assert kinds
        assert all(registry.find("network", kind).role == role for kind in kinds)


def test_own_data_are_chosen_as_folder_or_file(tmp_path):
    experiment = preset("dcgan-mnist")
    folder, _ = change(experiment, "data", "folder")
    array, _ = change(experiment, "data", "array")
    assert fields(folder)["data.params.path"].editor == "folder"
    assert fields(array)["data.params.path"].editor == "file"


def test_an_unknown_kind_leaves_the_choice_of_another():
    experiment = preset("dcgan-mnist").model_copy(update={"noise": Spec(kind="cauchy")})
    found = fields(experiment)
    assert [path for path in found if path.startswith("noise")] == ["noise.kind"]
    assert change(experiment, "noise", "normal")[0].noise.kind == "normal"


def test_units_are_plural_words_or_nothing():
    for _, component in registry:
        for info in component.Config.model_fields.values():
            assert extra(info).get("unit", "") == "" or extra(info)["unit"].endswith("s")
    assert field_at(preset("dcgan-mnist"), "batch_size").title == "Batch size"
