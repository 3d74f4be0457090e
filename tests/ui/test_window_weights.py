"""Exported weights in the window: explored as they are, trained on, kept in mind; what is damaged is one sentence."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from whole_window import WAIT, drop, phase

from ganstudio.experiment.edits import change
from ganstudio.latent.requests import Render
from ganstudio.runs import export
from ganstudio.runs.keeper import RunKeeper
from ganstudio.runs.tensors import read
from ganstudio.training.trainer import Trainer
from ganstudio.ui.window import start


@pytest.fixture(scope="module")
def trained(tiny, tmp_path_factory) -> tuple[Path, Trainer]:
    """Exported weights of a short run, and its trainer; neither is to be changed."""
    torch.set_num_threads(1)
    trainer, folder = Trainer(tiny), tmp_path_factory.mktemp("weights")
    for _ in range(3):
        trainer.step()
        trainer.flush()
    keeper = RunKeeper(folder / "run")
    keeper.checkpoint(trainer, [], "asked", wait=True)
    keeper.close()
    export.export_weights(folder / "run", folder / "mine.safetensors")
    return folder / "mine.safetensors", trainer


@pytest.fixture
def ready(make, qtbot, tiny):
    """A window with another experiment open."""
    window = make(tiny.model_copy(update={"seed": 9}))
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    return window


def rendered(window, qtbot, z: np.ndarray) -> np.ndarray:
    explorer, answers = window.studio.explorer, []
    explorer.ask(Render(z), "test")
    qtbot.waitUntil(lambda: bool(answers.extend(explorer.take("test")) or answers), timeout=WAIT)
    assert answers[0].error == ""
    return answers[0].value


def test_dropped_weights_are_explored_as_they_were_exported_and_train_on(ready, trained, qtbot):
    path, trainer = trained
    with qtbot.waitSignal(ready.studio.opened, timeout=WAIT):
        drop(ready, path)
    z = np.random.default_rng(0).normal(size=(3, 4)).astype(np.float32)
    expected = trainer.average.network.eval()(torch.from_numpy(z)).detach().numpy()
    np.testing.assert_allclose(rendered(ready, qtbot, z), expected, atol=1e-5)
    assert str(path) in ready.studio.recent
    ready.studio.train()
    qtbot.waitUntil(lambda: ready.studio.status.step >= 2, timeout=WAIT)
    assert not ready.banner.text


def test_a_file_that_is_named_at_the_start_is_open(make, trained, qtbot):
    window = make()
    with qtbot.waitSignal(window.studio.opened, timeout=WAIT):
        start(window, trained[0])
    window.close()
    assert window.studio.session.weights_sha256() == trained[1].weights_sha256()
    again = make()  # and still there the next time
    with qtbot.waitSignal(again.studio.opened, timeout=WAIT):
        start(again)
    assert again.studio.run == trained[0]
    again.close()
    assert again.studio.session.weights_sha256() == trained[1].weights_sha256()


def test_a_bad_file_named_at_the_start_leaves_what_was_open(make, tmp_path):
    window = make()
    window.studio.session.start = lambda: None
    (tmp_path / "bad.safetensors").write_bytes(b"no tensors")
    start(window, tmp_path / "bad.safetensors")
    assert "damaged" in window.banner.text
    assert window.studio.experiment is not None


def test_what_does_not_open_is_one_sentence_and_changes_nothing(ready, trained, qtbot, tmp_path):
    """Whether the window notices it or the worker."""
    tensors, texts = read(trained[0])
    cut, half, other = (tmp_path / name for name in ("cut.safetensors", "half.safetensors", "mine.onnx"))
    cut.write_bytes(trained[0].read_bytes()[:-100])
    save_file({name: one for name, one in tensors.items() if not name.startswith("disc")}, half, texts)
    other.write_bytes(b"anything")
    before = ready.studio.session.experiment
    for path, said in ((cut, "damaged"), (half, "another experiment"), (other, "export the run's weights")):
        drop(ready, path)
        qtbot.waitUntil(lambda said=said: said in ready.banner.text, timeout=WAIT)
        assert "\n" not in ready.banner.text
        assert path.name in ready.banner.text
        assert ready.studio.session.experiment == before


def test_without_their_data_the_window_explores_them_and_says_what_is_missing(ready, tiny, qtbot, tmp_path):
    data, away, weights = (tmp_path / name for name in ("mine.npy", "away.npy", "mine.safetensors"))
    np.save(data, np.random.default_rng(0).integers(0, 256, (20, 16, 16), np.uint8))
    for path, value in (("data", "array"), ("data.path", str(data)), ("data.size", 16)):
        tiny, _ = change(tiny, path, value)
    keeper = RunKeeper(tmp_path / "run")
    keeper.checkpoint(Trainer(tiny), [], "asked", wait=True)
    keeper.close()
    export.export_weights(tmp_path / "run", weights)
    ready.show_perspective("explore")
    ready.bring_up("real")
    real = ready.panels["real"]
    qtbot.waitUntil(lambda: real.grid.tiles is not None, timeout=WAIT)

    data.rename(away)
    with qtbot.waitSignal(ready.studio.opened, timeout=WAIT):
        drop(ready, weights)
    qtbot.waitUntil(lambda: str(data) in ready.banner.text, timeout=WAIT)
    said, z = ready.banner.text, np.zeros((1, 4), np.float32)
    assert real.grid.tiles is None
    assert real.grid.accessibleDescription() == said
    without = rendered(ready, qtbot, z)
    ready.banner.say("")
    ready.studio.train()
    qtbot.waitUntil(lambda: str(data) in ready.banner.text, timeout=WAIT)
    assert ready.studio.status.phase == "ready"
    ready.studio.edit("batch_size", 4)
    qtbot.waitUntil(lambda: ready.studio.experiment.batch_size == tiny.batch_size, timeout=WAIT)

    away.rename(data)
    ready.banner.say("")
    with qtbot.waitSignal(ready.studio.opened, timeout=WAIT):
        drop(ready, weights)
    qtbot.waitUntil(lambda: real.grid.tiles is not None, timeout=WAIT)
    assert np.array_equal(rendered(ready, qtbot, z), without)
    ready.studio.train()
    qtbot.waitUntil(lambda: ready.studio.status.step >= 1, timeout=WAIT)
    assert not ready.banner.text
