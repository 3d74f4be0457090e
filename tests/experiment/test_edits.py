"""Edits by dotted path: what a path means, what is kept, what is refused."""

from math import inf

import pytest

from ganstudio.experiment.edits import assignment, change, literal
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.files import preset
from ganstudio.experiment.paths import expand, live, locate, value_at, value_or_none


@pytest.fixture
def experiment():
    return preset("mlp-mnist")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("2e-4", 2e-4),
        ("true", True),
        ("[256, 256]", [256, 256]),
        ("non-saturating", "non-saturating"),
        ("'quoted'", "quoted"),
        ("/a/path with spaces", "/a/path with spaces"),
        ("", ""),
        ("inf", inf),
    ],
)
def test_a_typed_value_is_read_as_toml_else_as_text(text, value):
    assert literal(text) == value
    assert type(literal(text)) is type(value)


def test_an_assignment_may_hold_further_equals_signs():
    assert assignment(" data.path = /a=b ") == ("data.path", "/a=b")


@pytest.mark.parametrize("text", ["lr", "", "=3", " = 3"])
def test_an_assignment_without_a_field_is_refused(text):
    with pytest.raises(StudioError, match="write field=value"):
        assignment(text)


@pytest.mark.parametrize(
    ("path", "full"),
    [
        ("lr", ["players.generator.optimiser.params.lr", "players.discriminator.optimiser.params.lr"]),
        (
            "players.*.optimiser.lr",
            ["players.generator.optimiser.params.lr", "players.discriminator.optimiser.params.lr"],
        ),
        ("players.*.updates", ["players.generator.updates", "players.discriminator.updates"]),
        ("k", ["players.discriminator.updates"]),
        ("objective", ["objective.kind"]),
        ("data", ["data.kind"]),
        ("noise.dim", ["noise.params.dim"]),
        ("players.generator.network", ["players.generator.network.kind"]),
        ("players.generator.network.hidden", ["players.generator.network.params.hidden"]),
        ("label_smoothing", ["regularisers.label-smoothing.real_target"]),
        ("batch_size", ["batch_size"]),
    ],
)
def test_short_names_stand_for_full_paths(experiment, path, full):
    assert expand(experiment, path) == full


def test_every_short_name_is_a_field_of_the_default_experiment():
    from ganstudio.experiment.paths import SHORT

    experiment = preset("dcgan-mnist")
    for name in SHORT:
        for full in expand(experiment, name):
            locate(full, experiment)


def test_a_value_that_is_not_named_is_the_component_s_default(experiment):
    assert value_at(experiment, "players.generator.gradient_clip") == 0
    assert value_at(experiment, "regularisers.r1.gamma") == 0
    assert value_at(experiment, "regularisers.label-smoothing.real_target") == 1
    assert value_at(experiment, "players.discriminator.network.params.pieces") == 5


def test_an_edit_leaves_the_experiment_that_it_was_given_alone(experiment):
    before = experiment.model_dump()
    edited, changes = change(experiment, "lr", 1e-3)
    assert experiment.model_dump() == before
    assert [one.path for one in changes] == expand(experiment, "lr")
    assert all(one.old == 2e-4 and one.new == 1e-3 and one.live for one in changes)
    assert edited.players["generator"].optimiser.params["lr"] == 1e-3


def test_editing_a_default_names_the_component(experiment):
    edited, (one,) = change(experiment, "r1", 5)
    assert edited.regularisers == {"r1": {"gamma": 5}}
    assert (one.old, one.new, one.live) == (0, 5, True)


@pytest.mark.parametrize(
    ("path", "acts_now"),
    [
        ("objective.kind", True),
        ("noise.kind", True),
        ("noise.params.dim", False),
        ("players.generator.optimiser.kind", True),
        ("players.generator.optimiser.params.lr", True),
        ("players.generator.network.kind", False),
        ("players.generator.network.params.hidden", False),
        ("players.discriminator.updates", True),
        ("players.discriminator.gradient_clip", True),
        ("game.kind", False),
        ("game.params.order", True),
        ("data.kind", False),
        ("data.params.size", False),
        ("batch_size", True),
        ("ema", True),
        ("steps", True),
        ("seed", False),
        ("precision", False),
        ("regularisers.gradient-penalty.weight", True),
        ("constraints.weight-clipping.limit", True),
        ("augmentation.flip.probability", True),
    ],
)
def test_which_edits_are_live(experiment, path, acts_now):
    assert live(experiment, path) is acts_now


def test_another_kind_keeps_only_parameters_that_mean_the_same(experiment):
    kept, _ = change(experiment, "players.generator.optimiser", "rmsprop")
    assert kept.players["generator"].optimiser.params == {"lr": 2e-4}  # β₁ means nothing to RMSprop
    noise, _ = change(experiment, "noise", "uniform")
    assert noise.noise.params == experiment.noise.params
    # Units of an MLP's layers are not channels of a DCGAN's maps, and "batch" is no norm of its.
    network, _ = change(experiment, "players.generator.network", "dcgan-generator")
    assert network.players["generator"].network.params == {}


def test_own_data_by_path_alone(experiment, tmp_path):
    (tmp_path / "faces.npz").touch()
    for path, kind in [
        (tmp_path, "folder"),
        (tmp_path / "faces.npz", "array"),
        (tmp_path / "faces.npy", "array"),
        (tmp_path / "train-images-idx3-ubyte.gz", "idx"),
        (tmp_path / "nowhere", "folder"),
        (tmp_path / "idx.csv", "points-csv"),
        (tmp_path / "face.PNG", "picture"),
    ]:
        edited, changes = change(experiment, "data.path", str(path))
        assert edited.data.kind == kind
        assert edited.data.params == {"path": str(path)}
        assert [(one.path, one.live) for one in changes] == [("data.kind", False), ("data.params.path", False)]
        assert changes[1].old is None


def test_a_folder_that_is_called_like_an_array_is_a_folder(experiment, tmp_path):
    (tmp_path / "idx.npz").mkdir()
    assert change(experiment, "data.path", str(tmp_path / "idx.npz"))[0].data.kind == "folder"


def test_points_may_lie_in_a_file_of_any_name(experiment, tmp_path):
    table, _ = change(experiment, "data.path", str(tmp_path / "points.csv"))
    assert change(table, "data.path", str(tmp_path / "points.txt"))[0].data.kind == "points-csv"
    assert change(table, "data.path", str(tmp_path))[0].data.kind == "folder"


def test_another_path_of_the_same_kind_keeps_the_other_parameters(experiment, tmp_path):
    edited, _ = change(experiment, "data.path", str(tmp_path))
    edited, _ = change(edited, "data.size", 32)
    edited, changes = change(edited, "data.path", str(tmp_path / "other"))
    assert edited.data.params == {"path": str(tmp_path / "other"), "size": 32}
    assert [one.path for one in changes] == ["data.params.path"]
    emptied, _ = change(edited, "data.path", "")
    assert emptied.data.kind == "folder"
    assert emptied.data.params["path"] == ""


def test_a_text_field_takes_a_text_that_looks_like_a_number(experiment):
    assert change(experiment, "data.only", 3)[0].data.params == {"only": "3"}


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("lr", 0, "players.generator.optimiser.lr: must be a number more than 0 and at most 10 (it is 0)"),
        ("lr", "fast", "players.generator.optimiser.lr: must be a number more than 0 and at most 10 (it is 'fast')"),
        ("lr", inf, "players.generator.optimiser.lr: must be a number more than 0 and at most 10 (it is inf)"),
        ("players.generator.network.hidden", [], "players.generator.network.hidden: must be 1 to 8 layers"),
        ("objective", "hing", "objective.kind: there is no objective called 'hing'; choose one of hinge"),
        ("players.generator.network", "mlp", "players.generator.network.kind: there is no network called 'mlp'"),
        ("data.path", "", "data.path: name a folder of images"),
        ("data.sise", 3, "data.params.sise: there is no such field; the fields here are: size, only"),
        ("regularisers.r2.gamma", 3, "regularisers.r2.gamma: there is no regulariser called 'r2'; choose one of"),
        ("regularisers.r1.kind", "x", "regularisers.r1.kind: there is no such field; the fields here are: gamma"),
        ("regularisers.r1", {}, "regularisers.r1: there is no such field"),
        (
            "players.critic.updates",
            3,
            "players.critic.updates: there is no such player; the players are: generator, dis",
        ),
        (
            "players.generator.update",
            3,
            "players.generator.update: there is no such field; the fields here are: network",
        ),
        ("players.generator", 3, "players.generator: there is no such field"),
        ("objective.params", {}, "objective.params: there is no such field"),
        ("objective.params.a.b", 3, "objective.params.a.b: there is no such field"),
        ("batchsize", 3, "batchsize: there is no such field; the fields here are: title"),
        ("title.x", 3, "title.x: there is no such field"),
        ("kind", 3, "kind: there is no such field"),
        ("", 3, "there is no such field"),
        ("model_dump.kind", 3, "model_dump.kind: there is no such field"),
    ],
)
def test_bad_edits_are_refused_in_one_sentence(experiment, path, value, sentence):
    with pytest.raises(StudioError) as caught:
        change(experiment, path, value)
    assert str(caught.value).startswith(sentence)
    if "no such" in sentence:
        assert value_or_none(experiment, path) is None
