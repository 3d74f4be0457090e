"""A trained generator whose data are not where they were: it is told calmly, and they can be found again."""

from PIL import Image
from PySide6.QtWidgets import QFileDialog, QPushButton
from whole_window import WAIT, phase

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.runs import tensors
from ganstudio.runs.folder import SCHEMA
from ganstudio.runs.models import LIVE
from ganstudio.training.trainer import Trainer
from ganstudio.ui.locating import LOCATE
from ganstudio.ui.theme import colours


def pictures(folder, kind: str) -> None:
    folder.mkdir()
    for number in range(9):
        Image.new(kind, (16, 16), number).save(folder / f"{number}.png")


def test_missing_data_are_told_calmly_and_found_again_where_they_fit(make, qtbot, tiny, tmp_path, monkeypatch):
    here, gone, grey = (tmp_path / name for name in ("here", "gone", "grey"))
    pictures(here, "RGB")
    pictures(grey, "L")
    experiment = tiny
    for path, value in (("data", "folder"), ("data.size", 16), ("data.path", str(here))):
        experiment, _ = change(experiment, path, value)
    weights = {name: one for name, one in Trainer(experiment).weights().items() if not name.startswith(LIVE)}
    moved, _ = change(experiment, "data.path", str(gone))
    (tmp_path / "mine.safetensors").write_bytes(
        tensors.dumps(weights, {"schema": str(SCHEMA), "experiment": files.dumps(moved)})
    )

    window = make(tiny)
    qtbot.waitUntil(phase(window, "ready"), timeout=WAIT)
    studio, banner, losses = window.studio, window.banner, window.panels["losses"]
    window.files.open_path(tmp_path / "mine.safetensors")
    qtbot.waitUntil(lambda: studio.absence != "", timeout=WAIT)
    qtbot.waitUntil(lambda: str(gone) in banner.text, timeout=WAIT)
    assert colours().accent in banner.styleSheet()
    assert colours().danger not in banner.styleSheet()
    for panel in (losses, window.panels["scores"], window.panels["histogram"]):
        said = panel.plots[0].empty if panel is not window.panels["histogram"] else panel.view.accessibleDescription()
        assert str(gone) in said, panel.name
        assert "Press Train" not in said

    chosen, near = [str(grey), str(here)], []

    def choose(_parent, _title, place):
        near.append(place)
        return chosen.pop(0)

    monkeypatch.setattr(QFileDialog, "getExistingDirectory", choose)

    def locate() -> None:
        next(one for one in banner.findChildren(QPushButton) if one.text() == LOCATE).click()

    locate()
    qtbot.waitUntil(lambda: "16×16 images in grey" in banner.text, timeout=WAIT)
    assert studio.absence, "what was open stays open"
    assert banner.text.startswith("Data set · Folder: "), "in the words of the form"
    locate()
    qtbot.waitUntil(lambda: studio.absence == "" and len(chosen) == 0 and not banner.isVisible(), timeout=WAIT)
    assert near[0] == str(tmp_path), "the search begins where they were"
    assert studio.experiment.data.params["path"] == str(here)
    assert studio.run == tmp_path / "mine.safetensors"
    studio.step()
    qtbot.waitUntil(lambda: studio.status.step == 1, timeout=WAIT)
