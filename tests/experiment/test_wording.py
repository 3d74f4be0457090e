"""Fields and values in sentences are called what the form calls them."""

import pytest

from ganstudio.experiment import files
from ganstudio.experiment.differences import field_paths
from ganstudio.experiment.wording import edit_words, field_words, in_words, value_words


@pytest.fixture(scope="module")
def experiment():
    return files.preset("dcgan-mnist")


def test_an_edit_in_words(experiment):
    words = edit_words(experiment, "objective.kind", "non-saturating", "saturating")
    assert words == "Objective · Losses: Non-saturating → Saturating (minimax)"
    assert (
        edit_words(experiment, "players.generator.optimiser.params.lr", 0.00020000000001, 1e-3)
        == "Generator · Learning rate: 0.0002 → 0.001"
    )
    assert edit_words(experiment, "players.generator.gradient_clip", None, 2) == "Generator · Gradient clip: off → 2"
    assert value_words(experiment, "checkpoints.tensorboard", True) == "on"
    assert value_words(experiment, "players.generator.network.params.hidden", [64, 32]) == "64, 32"


def test_only_a_field_that_the_form_leaves_out_is_called_by_its_path(experiment):
    assert [path for path in field_paths(experiment) if field_words(experiment, path) == path] == ["game.kind"]


def test_a_field_that_went_with_its_kind_keeps_its_path(experiment):
    assert edit_words(experiment, "noise.params.gone", 1, 2) == "noise.params.gone: 1 → 2"


def test_a_refusal_calls_fields_by_the_words_of_the_form(experiment):
    for sentence, told in {
        "data.size: must be 28": "Data set · Size: must be 28",
        "batch_size: is too large": "Schedule · Batch size: is too large",
        "players.generator.optimiser.lr: must be more than 0": "Generator · Learning rate: must be more than 0",
        "regularisers.r1: see players.discriminator.network.norm": "R1 penalty: see Discriminator · Batch norm",
    }.items():
        assert in_words(experiment, sentence) == told
    for sentence in ("/home/data.size: cannot be read", "no.such.field: is missing", "A plain sentence: with a colon."):
        assert in_words(experiment, sentence) == sentence
