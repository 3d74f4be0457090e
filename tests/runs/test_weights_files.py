"""Exported weights that are damaged, foreign or hostile: one sentence that names the file, and nothing is changed."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import check
from ganstudio.runs.folder import SCHEMA
from ganstudio.runs.models import load_model
from ganstudio.runs.read import read_experiment
from ganstudio.runs.tensors import dumps
from ganstudio.training.trainer import Trainer


@pytest.fixture(scope="module")
def trainer() -> Trainer:
    torch.set_num_threads(1)
    experiment, _ = change(files.preset("ring-8"), "players.*.network.hidden", [4])
    return Trainer(experiment)


@pytest.fixture
def path(trainer, tmp_path) -> Path:
    """Weights as they are exported."""
    found = tmp_path / "mine.safetensors"
    texts = {"schema": str(SCHEMA), "experiment": files.dumps(trainer.experiment)}
    found.write_bytes(dumps(dict(trainer.named_tensors()), texts))
    return found


def opened(path: Path, trainer: Trainer) -> None:
    """As the window and its worker do."""
    check(read_experiment(path))
    load_model(path, trainer)


def test_what_is_whole_opens(path, trainer):
    opened(path, trainer)


SPOILT_BYTES = {
    "cut in the numbers": lambda content: content[:-50],
    "cut in the header": lambda content: content[:50],
    "empty": lambda content: b"",
    "a header without end": lambda content: b"\xff" * 8 + content[8:],
    "a header that is no JSON": lambda content: content[:8] + b"?" * 16 + content[24:],
    "text": lambda content: b"title = 'no tensors'",
}


@pytest.mark.parametrize("way", SPOILT_BYTES)
def test_damaged_bytes(path, trainer, way):
    path.write_bytes(SPOILT_BYTES[way](path.read_bytes()))
    refused(path, trainer, "damaged")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({}, "does not say which experiment"),
        ({"schema": "99"}, "newer version"),
        ({"experiment": "title = ["}, "not valid TOML"),
        ({"experiment": json.dumps({"title": 1})}, "not valid TOML"),
    ],
)
def test_a_header_that_says_no_experiment(path, trainer, texts, said):
    whole = {"schema": str(SCHEMA), "experiment": files.dumps(trainer.experiment)}
    save_file(dict(trainer.named_tensors()), path, whole | texts if texts else {"schema": str(SCHEMA)})
    refused(path, trainer, said)


def test_a_component_that_there_is_not(path, trainer):
    text = files.dumps(trainer.experiment).replace("mlp-generator", "mlp-oracle")
    save_file(dict(trainer.named_tensors()), path, {"schema": str(SCHEMA), "experiment": text})
    with pytest.raises(StudioError, match="mlp-oracle"):
        opened(path, trainer)


@pytest.mark.parametrize("way", ["no D", "another shape", "not finite"])
def test_numbers_that_do_not_fit(path, trainer, way):
    tensors = {name: tensor.clone() for name, tensor in trainer.named_tensors()}
    first = next(iter(tensors))
    if way == "no D":
        tensors = {name: one for name, one in tensors.items() if not name.startswith("disc")}
    elif way == "another shape":
        tensors[first] = tensors[first][:1].clone()
    else:
        tensors[first] *= torch.nan
    save_file(tensors, path, {"schema": str(SCHEMA), "experiment": files.dumps(trainer.experiment)})
    spare = Trainer(trainer.experiment)
    refused(path, spare, "not finite" if way == "not finite" else "another experiment")


def refused(path: Path, trainer: Trainer, said: str) -> None:
    with pytest.raises(StudioError, match=said) as caught:
        opened(path, trainer)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
