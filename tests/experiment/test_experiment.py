"""The experiment itself: what it accepts, and the one sentence that each bad value gets."""

import subprocess
import sys

import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment, check, components, parse
from ganstudio.experiment.files import preset


def values(**changed):
    """A small experiment as plain dictionaries, with top-level fields replaced."""

    def player(role):
        return {"network": {"kind": f"mlp-{role}"}, "optimiser": {"kind": "adam"}}

    plain = {
        "data": {"kind": "mnist"},
        "players": {"generator": player("generator"), "discriminator": player("discriminator")},
    }
    return {**plain, **changed}


def refusal(given: dict) -> str:
    """The sentence with which an experiment is refused, by its own fields or by its components."""
    with pytest.raises(StudioError) as caught:
        check(parse(given))
    return str(caught.value)


def test_neither_torch_nor_qt_is_imported_to_list_and_read_the_presets():
    code = (
        "import sys\n"
        "from ganstudio.experiment import edits, differences, experiment, fields, files, paths\n"
        "[files.preset(name) for name in files.presets()]\n"
        "sys.exit(any(name in sys.modules for name in ('torch', 'PySide6')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_defaults_are_a_complete_experiment():
    experiment = parse(values())
    assert set(check(experiment)) == set(components(experiment))
    assert experiment.objective.kind == "non-saturating"
    assert experiment.regularisers == {}


def test_components_name_every_part_with_its_room():
    found = components(parse(values(regularisers={"r1": {"gamma": 2.0}}, augmentation={"flip": {}})))
    assert found["players.generator.optimiser"][0] == "optimiser"
    assert found["regularisers.r1"] == ("regulariser", found["regularisers.r1"][1])
    assert found["regularisers.r1"][1].params == {"gamma": 2.0}
    assert found["augmentation.flip"][0] == "augmentation"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"batch_size": 0}, "batch_size: must be a whole number of at least 1 and at most 65536 (it is 0)"),
        ({"batch_size": 1.5}, "batch_size: must be a whole number of at least 1 and at most 65536 (it is 1.5)"),
        ({"batch_size": "many"}, "batch_size: must be a whole number of at least 1 and at most 65536 (it is 'many')"),
        ({"ema": 1.0}, "ema: must be a number of at least 0 and less than 1 (it is 1.0)"),
        ({"ema": float("nan")}, "ema: must be a number of at least 0 and less than 1 (it is nan)"),
        ({"precision": "fp8"}, "precision: must be one of fp32, bf16 (it is 'fp8')"),
        ({"title": 7}, "title: must be text (it is 7)"),
        ({"data": "mnist"}, "data: must be a table (it is 'mnist')"),
        ({"data": {}}, "data.kind: is missing"),
        ({"regularisers": {"r1": 3}}, "regularisers.r1: must be a table (it is 3)"),
        ({"regularisers": {"r1": {"gamma": -1}}}, "regularisers.r1.gamma: must be a number of at least 0"),
        (
            {"augmentation": {"flip": {"p": 1}}},
            "augmentation.flip.p: there is no such field; the fields here are: prob",
        ),
        ({"noise": {"kind": "cauchy"}}, "noise: there is no noise called 'cauchy'; choose one of normal"),
        (
            {"noise": {"kind": "normal", "dim": 3}},
            "noise.dim: there is no such field; the fields here are: kind, params",
        ),
    ],
)
def test_bad_values_are_refused_by_name_with_the_allowed_range(changed, sentence):
    assert refusal(values(**changed)).startswith(sentence)


def test_an_unknown_field_is_refused_with_those_there_are():
    assert refusal(values(batchsize=3)).startswith("batchsize: there is no such field; the fields here are: title,")


def test_a_missing_part_is_named():
    given = values()
    del given["players"]["generator"]["network"]
    assert refusal(given) == "players.generator.network: is missing"


def test_a_player_s_own_fields_are_checked_with_their_range():
    given = values()
    given["players"]["generator"]["updates"] = 101
    sentence = "players.generator.updates: must be a whole number of at least 0 and at most 100 (it is 101)"
    assert refusal(given) == sentence


def test_a_source_heads_the_sentence():
    with pytest.raises(StudioError, match=r"^mine\.toml: batch_size: must be"):
        parse(values(batch_size=0), "mine.toml")


def test_presets_have_valid_components():
    assert isinstance(preset("dcgan-mnist"), Experiment)
    check(preset("dcgan-mnist"))
