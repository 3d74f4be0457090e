"""Event files hold the run's numbers, as TensorBoard itself reads them."""

import sys
from pathlib import Path

import numpy as np
import pytest

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.event_files import ROWS_AT_ONCE, EventFiles

NAMES = ("loss.generator", "penalty")


@pytest.fixture
def read():
    """(step, value) of each tag in a folder."""
    loader = pytest.importorskip("tensorboard.backend.event_processing.event_file_loader")

    def read(folder: Path) -> dict[str, list[tuple[int, float]]]:
        found: dict[str, list[tuple[int, float]]] = {}
        for file in sorted(folder.iterdir()):
            for event in loader.LegacyEventFileLoader(str(file)).Load():
                for value in event.summary.value:
                    found.setdefault(value.tag, []).append((event.step, value.simple_value))
        return found

    return read


def test_tensorboard_reads_what_was_written(tmp_path, read):
    files = EventFiles(tmp_path / "events")
    files.write(NAMES, 1, np.array([[0.5, np.nan], [0.25, 2.0]], np.float32))
    assert read(tmp_path / "events")["loss/generator"] == [(1, 0.5), (2, 0.25)]  # at once, not when it is closed
    files.write(NAMES, 3, np.array([[0.125, np.nan]], np.float32))
    files.write(NAMES, 4, np.empty((0, 2), np.float32))
    files.close()
    assert read(tmp_path / "events") == {"loss/generator": [(1, 0.5), (2, 0.25), (3, 0.125)], "penalty": [(2, 2.0)]}


def test_many_rows_are_thinned_evenly(tmp_path, read):
    files = EventFiles(tmp_path)
    rows = np.repeat(np.arange(5000, dtype=np.float32)[:, None], 2, 1)
    files.write(NAMES, 11, rows)
    files.close()
    steps = np.array(read(tmp_path)["penalty"])
    assert len(steps) == ROWS_AT_ONCE
    assert (steps[:, 0] - 11 == steps[:, 1]).all()
    assert (steps[0, 0], steps[-1, 0]) == (11, 5010)
    assert np.ptp(np.diff(steps[:, 0])) <= 1


def test_steps_that_are_made_again_take_the_place_of_the_earlier_ones(tmp_path):
    reader = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    files = EventFiles(tmp_path)
    for first, steps, value in ((1, 6, 0.0), (5, 4, 1.0)):  # the run has gone back
        files.write(NAMES, first, np.full((steps, 2), value, np.float32))
    files.close()
    again = EventFiles(tmp_path)  # its process was killed, and it goes on from an earlier checkpoint
    again.write(NAMES, 7, np.full((1, 2), 2.0, np.float32))
    again.close()
    curves = reader.EventAccumulator(str(tmp_path))
    curves.Reload()
    assert [(one.step, one.value) for one in curves.Scalars("penalty")] == [
        (1, 0.0), (2, 0.0), (3, 0.0), (4, 0.0), (5, 1.0), (6, 1.0), (7, 2.0),
    ]  # fmt: skip


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="cannot be written"):
        EventFiles(tmp_path / "file" / "events").write(NAMES, 1, np.zeros((1, 2), np.float32))


def test_without_tensorboard_a_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "torch.utils.tensorboard", raising=False)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(StudioError, match=r"checkpoints.tensorboard: TensorBoard needs .* pip install"):
        EventFiles(tmp_path).write(NAMES, 1, np.zeros((1, 2), np.float32))
