"""Two experiments compared: routes between them, what waits, what a reset returns to."""

from itertools import permutations

import pytest

from ganstudio.experiment.differences import default, differing, field_paths, reset_value, route, waiting
from ganstudio.experiment.edits import change
from ganstudio.experiment.files import preset, presets
from ganstudio.experiment.paths import value_at


@pytest.fixture
def experiment():
    return preset("mlp-mnist")


def follow(experiment, edits):
    for path, value in edits:
        experiment, _ = change(experiment, path, value)
    return experiment


def test_every_field_has_a_value(experiment):
    paths = field_paths(experiment)
    assert len(paths) == len(set(paths))
    for path in paths:
        value_at(experiment, path)


def test_no_field_differs_from_itself(experiment):
    assert differing(experiment, experiment) == []
    assert route(experiment, experiment) == []
    assert waiting(experiment, experiment) == set()


def test_a_default_that_is_spelt_out_is_no_difference(experiment):
    spelt, _ = change(experiment, "r1", 0)
    assert spelt != experiment
    assert differing(experiment, spelt) == differing(spelt, experiment) == []


@pytest.mark.parametrize(("start", "end"), list(permutations(list(presets())[:4], 2)))
def test_a_route_leads_from_any_preset_to_any_other(start, end):
    start, end = preset(start), preset(end)
    assert differing(follow(start, route(start, end)), end) == []


def test_a_route_sets_the_kind_before_what_comes_with_it(experiment):
    wanted = follow(experiment, [("noise", "uniform"), ("noise.half_width", 2.0), ("noise.dim", 32)])
    paths = [path for path, _ in route(experiment, wanted)]
    assert paths == ["noise.kind", "noise.params.dim", "noise.params.half_width"]
    # And back: the old kind's own value returns, though the new kind knows nothing of it.
    assert follow(wanted, route(wanted, experiment)).noise.params == experiment.noise.params


def test_what_waits_are_the_fields_that_act_on_restart(experiment):
    wanted = follow(experiment, [("lr", 1e-3), ("r1", 1.0), ("seed", 9), ("noise.dim", 8), ("objective", "hinge")])
    assert waiting(experiment, wanted) == {"seed", "noise.params.dim"}
    assert waiting(wanted, experiment) == {"seed", "noise.params.dim"}


def test_parameters_of_another_kind_wait_with_it(experiment):
    wanted = follow(experiment, [("data", "emoji"), ("data.set", "noto")])
    assert {"data.kind", "data.params.set"} <= waiting(experiment, wanted)


def test_a_reset_returns_to_the_reference(experiment):
    edited = follow(experiment, [("lr", 1e-3), ("r1", 1.0), ("ema", 0.5)])
    assert reset_value(experiment, edited, "players.generator.optimiser.params.lr") == 2e-4
    assert reset_value(experiment, edited, "regularisers.r1.gamma") == 0
    assert reset_value(experiment, edited, "ema") == experiment.ema


def test_a_reset_returns_to_the_default_where_the_reference_has_another_kind(experiment):
    edited = follow(experiment, [("players.generator.optimiser", "rmsprop"), ("data", "emoji")])
    assert reset_value(experiment, edited, "players.generator.optimiser.params.lr") == 5e-5
    assert reset_value(experiment, edited, "data.params.set") == "fluent-flat"
    assert reset_value(experiment, edited, "players.generator.optimiser.kind") == "adam"


def test_a_default_is_a_fresh_value(experiment):
    path = "players.generator.network.params.hidden"
    default(experiment, path).append(1)
    assert default(experiment, path) == [512, 512]
