"""What is exported is what the run holds, and other programs read it."""

import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.experiment.errors import StudioError
from ganstudio.runs import export
from ganstudio.runs.folder import SAMPLES
from ganstudio.runs.heads import files_of
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.models import load_model
from ganstudio.runs.read import read_experiment, read_run
from ganstudio.runs.tensors import read
from ganstudio.training.trainer import Trainer

OLD = Path(__file__).parent / "fixtures" / "schema-1"


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> tuple[Path, Trainer]:
    """The folder of a narrow DCGAN's run with checkpoints at steps 3 and 4, and its trainer, which stands at step 4."""
    torch.set_num_threads(1)
    experiment = files.preset("dcgan-pixel-faces")
    for path, value in (("batch_size", 16), ("players.*.network.width", 4)):
        experiment, _ = change(experiment, path, value)
    trainer, folder = Trainer(experiment), tmp_path_factory.mktemp("export") / "run"
    keeper = RunKeeper(folder)
    for step in range(4):
        trainer.step()
        trainer.flush()
        if step == 1:
            trainer.edit("lr", 0.001)
        if step >= 2:
            keeper.checkpoint(trainer, [], "asked", wait=True)
    keeper.close()
    return folder, trainer


@pytest.fixture
def trainer(kept) -> Trainer:
    """Of the run; not to be changed."""
    return kept[1]


@pytest.fixture
def run(kept, tmp_path) -> Path:
    """A copy of the run."""
    return shutil.copytree(kept[0], tmp_path / "run")


@pytest.mark.parametrize("old", [False, True], ids=["present layout", "first layout"])
def test_metrics_are_those_of_every_step(request, tmp_path, old):
    folder = OLD if old else request.getfixturevalue("run")
    history, left_out = export.history_of(folder)
    assert not left_out
    assert len(history) == read_run(folder).step > 0
    if not old:
        expected = request.getfixturevalue("trainer").history
        assert history.names == expected.names
        np.testing.assert_array_equal(history.rows(), expected.rows())
    export.export_csv(folder, tmp_path / "m.csv")
    table = np.genfromtxt(tmp_path / "m.csv", delimiter=",", names=True, deletechars="")
    np.testing.assert_array_equal(table["step"], np.arange(1, len(history) + 1))
    np.testing.assert_allclose(table["loss.generator"], history.rows()[:, history.names.index("loss.generator")], 1e-6)


def test_parquet_has_types_and_says_what_a_step_did_not_have(tmp_path, run, trainer):
    parquet = pytest.importorskip("pyarrow.parquet")
    export.export_parquet(run, tmp_path / "m.parquet")
    table = parquet.read_table(tmp_path / "m.parquet")
    assert table.column_names == ["step", *trainer.history.names]
    assert {str(field.type) for field in table.schema} == {"int64", "float"}
    assert table["step"].to_pylist() == [1, 2, 3, 4]
    rows = trainer.history.rows()
    for index, name in enumerate(trainer.history.names):
        expected = [None if np.isnan(value) else value for value in rows[:, index].tolist()]
        assert table[name].to_pylist() == expected
    assert table["penalty"].null_count == 4


def test_weights_are_a_model_of_the_newest_step(tmp_path, run, trainer):
    export.export_weights(run, tmp_path / "w.safetensors")
    found, _ = read(tmp_path / "w.safetensors")
    weights = trainer.weights()
    assert found.keys() == weights.keys()  # no optimiser, no random state
    assert all(torch.equal(found[name], weights[name]) for name in weights)
    experiment = read_experiment(tmp_path / "w.safetensors")
    assert experiment == trainer.experiment
    again = Trainer(experiment)
    load_model(tmp_path / "w.safetensors", again)
    assert again.weights_sha256() == trainer.weights_sha256()


def test_a_damaged_checkpoint_gives_way_to_the_one_before(tmp_path, run):
    before, newest = files_of(run)[-2:]
    content = bytearray(newest.read_bytes())
    content[-5] ^= 1
    newest.write_bytes(content)
    export.export_weights(run, tmp_path / "w.safetensors")
    found, expected = read(tmp_path / "w.safetensors")[0], read(before)[0]
    assert all(torch.equal(found[name], expected[name]) for name in found)


def test_the_experiment_has_all_edits(tmp_path, run, trainer):
    export.export_experiment(run, tmp_path / "e.toml")
    experiment = files.read(tmp_path / "e.toml")
    assert experiment == trainer.experiment
    assert experiment.players["generator"].optimiser.params["lr"] == 0.001


def test_samples_are_the_newest_picture(tmp_path, run):
    export.export_samples(run, tmp_path / "s.png")
    with Image.open(tmp_path / "s.png") as picture:
        assert min(picture.size) > 200
    (run / SAMPLES).unlink()
    with pytest.raises(StudioError, match="no picture"):
        export.export_samples(run, tmp_path / "t.png")


def test_onnx_computes_what_torch_computes(tmp_path, run, trainer):
    """Elsewhere, without torch, for any number of samples at once."""
    onnxruntime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnxscript")
    state = torch.get_rng_state()
    export.export_onnx(run, tmp_path / "g.onnx")
    assert torch.equal(torch.get_rng_state(), state)  # a run that trains beside it is not disturbed
    session = onnxruntime.InferenceSession(tmp_path / "g.onnx")
    (z,), (x,) = session.get_inputs(), session.get_outputs()
    dim = trainer.noise.config.dim
    assert (z.name, z.shape[1:], x.name, x.shape[1:]) == ("z", [dim], "x", list(trainer.data.shape))
    generator = trainer.average.network.eval()
    for count in (1, 5):
        inputs = torch.randn(count, dim, generator=torch.Generator().manual_seed(count))
        with torch.no_grad():
            expected = generator(inputs).numpy()
        found = session.run(["x"], {"z": inputs.numpy()})[0]
        np.testing.assert_allclose(found, expected, atol=1e-5)
        assert np.abs(expected).max() > 1e-3


@pytest.mark.parametrize(
    ("write", "package"), [(export.export_parquet, "pyarrow"), (export.export_onnx, "onnx")], ids=["parquet", "onnx"]
)
def test_a_missing_package_is_said_in_one_sentence(tmp_path, monkeypatch, write, package):
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(StudioError, match=rf"needs the package '{package}': pip install 'ganstudio\[export\]'"):
        write(OLD, tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["csv", "parquet", "samples", "weights", "experiment", "zip"])
def test_what_cannot_be_written_is_said_and_what_was_there_stays(tmp_path, name):
    if name == "parquet":
        pytest.importorskip("pyarrow")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StudioError, match=re.escape(str(tmp_path / "file" / "x"))):
        export.EXPORTS[name](OLD, tmp_path / "file" / "x")
    assert (tmp_path / "file").read_text() == "mine"


def test_a_folder_without_a_run_is_said(tmp_path):
    for name in ("csv", "samples", "weights", "experiment"):
        with pytest.raises(StudioError, match=re.escape(str(tmp_path))):
            export.EXPORTS[name](tmp_path, tmp_path / "x")
    shutil.copytree(OLD, tmp_path / "run")
    (tmp_path / "run" / "weights.safetensors").write_bytes(b"")
    with pytest.raises(StudioError, match=r"weights\.safetensors"):
        export.export_weights(tmp_path / "run", tmp_path / "x")
