"""The Invert panel over a session that works: pictures in, z out, by mouse and by keyboard alone."""

from dataclasses import replace

import numpy as np
import pytest
from desk import Desk
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QColor, QDropEvent, QGuiApplication, QImage, QUndoCommand
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.encoder import ENCODER_FILE, FitEncoder
from ganstudio.latent.inversion import Picture, PictureFile, PointTarget, RealSample, psnr
from ganstudio.latent.parcel import Parcel
from ganstudio.ui import theme
from ganstudio.ui.panels.invert import InvertPanel
from ganstudio.ui.widgets import sample_drag


def probes() -> dict[str, type]:
    from ganstudio.probes.generator import GeneratorProbe
    from ganstudio.probes.images import ImagesProbe

    return {"generator": GeneratorProbe, "images": ImagesProbe}


class InvertWindow(Desk):
    def __init__(self, qtbot):
        theme.apply(QApplication.instance(), "dark")
        super().__init__(qtbot, InvertPanel, probes, (700, 480))
        self.inverting, self.view, self.troubles = self.panel.inverting, self.panel.view, []
        self.studio.trouble.connect(self.troubles.append)
        self.panel.show()

    def open(self, experiment) -> None:
        opened: list[bool] = []
        known: list[bool] = []

        def begin_again(_) -> None:  # what G is like may have been known before the window learned of it
            opened.append(True)
            known.clear()

        self.inverting.known.connect(lambda: known.append(True))
        self.studio.opened.connect(begin_again, Qt.ConnectionType.SingleShotConnection)
        self.studio.open(experiment)
        self.until(lambda: opened and known)

    def searched(self) -> None:
        """Wait until the search has ended."""
        self.until(lambda: self.inverting.share is None)

    def press(self, *keys) -> None:
        for key in keys:
            QTest.keyClick(self.panel, *key) if isinstance(key, tuple) else QTest.keyClick(self.panel, key)

    def drop(self, mime: QMimeData) -> None:
        at = QPointF(self.view.target.mapTo(self.panel, QPoint(30, 60)))
        copying, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        self.panel.dropEvent(QDropEvent(at, copying, mime, Qt.MouseButton.LeftButton, none))


@pytest.fixture(autouse=True)
def _brief(monkeypatch):
    """Searches are as long as the tests need them."""
    from ganstudio.latent import inversion_study

    for name, value in (("WAVES", 1), ("DRAWS", 64), ("KEPT", 8), ("ADAM_STEPS", 10)):
        monkeypatch.setattr(inversion_study, name, value)


@pytest.fixture
def window(qtbot):
    found = InvertWindow(qtbot)
    yield found
    found.close()


@pytest.fixture
def ready(window, tiny):
    """A panel that knows a fresh generator of faces, whose z has 4 numbers."""
    window.session.start()
    window.open(tiny)
    window.panel.setFocus()
    return window


def test_before_anything_is_open_it_says_what_it_waits_for(window):
    assert window.view.target.sentence == "Loading PyTorch…"
    window.press(Qt.Key.Key_R, Qt.Key.Key_I, Qt.Key.Key_Z, Qt.Key.Key_E, Qt.Key.Key_Escape)
    assert window.inverting.share is None
    assert not window.sent


def test_a_held_out_image_is_projected_by_key_and_its_z_sent_on(ready):
    assert "Drop a picture" in ready.view.target.sentence
    assert ready.view.read_out.isHidden(), "no room is taken for a figure that is not there"
    ready.press(Qt.Key.Key_R)
    assert ready.panel.progress.isVisible()
    ready.searched()
    found = ready.inverting.case.found
    assert isinstance(ready.inverting.case.subject, RealSample)
    assert ready.view.read_out.figure == f"{psnr(found.mse):.1f} dB"
    assert "MSE" in ready.view.read_out.words
    assert ready.view.read_out.isVisible()
    assert not ready.panel.progress.isVisible()
    assert not any(pane.empty for pane in ready.view.panes)
    ready.press(Qt.Key.Key_E)
    np.testing.assert_array_equal(ready.sent[0], found.z)
    assert ready.sent[0].dtype == np.float32


def test_the_projection_travels_to_the_bit(ready):
    ready.press(Qt.Key.Key_R)
    ready.searched()
    ready.press((Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier))
    parcel = sample_drag.pasted()
    assert parcel.inputs.tobytes() == ready.inverting.z.tobytes()
    np.testing.assert_array_equal(parcel.images[0], ready.inverting.case.found.sample)
    assert ready.view.found.samples._parcel([0]).inputs.tobytes() == ready.inverting.z.tobytes()
    ready.view.target.setFocus()
    ready.panel.copy()
    assert sample_drag.pasted().inputs is None


def test_the_sample_in_directions_is_found_again_and_searched_further(ready):
    ready.studio.show_sample(ready.inverting.some_z())
    ready.press(Qt.Key.Key_Z)
    ready.searched()
    before = ready.inverting.case.found
    assert psnr(before.mse) > 30
    ready.press(Qt.Key.Key_I)
    ready.searched()
    after = ready.inverting.case.found
    assert after.mse < 1.2 * before.mse
    assert not ready.inverting.can_go_back, "the same subject is one case"


def test_one_goes_back_and_forth_between_pictures(ready):
    for _ in range(2):
        ready.press(Qt.Key.Key_R)
        ready.searched()
    last = ready.inverting.z
    ready.press((Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier))
    assert not np.array_equal(ready.inverting.z, last)
    assert not ready.inverting.can_go_back
    ready.press((Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier))
    np.testing.assert_array_equal(ready.inverting.z, last)


def test_undo_goes_back_among_pictures_while_the_panel_has_the_focus(ready):
    ready.studio.undo_stack.push(QUndoCommand("something else"))
    window = QAction("Undo", ready.panel)  # as the window's: looked for after the panel has had its say
    window.setShortcut("Ctrl+Z")
    window.triggered.connect(lambda *_: ready.studio.undo_stack.undo())
    ready.panel.addAction(window)
    for _ in range(2):
        ready.press(Qt.Key.Key_R)
        ready.searched()
    last, control = ready.inverting.z, Qt.KeyboardModifier.ControlModifier
    for holder in (ready.panel, ready.panel.choices.fit, ready.view.found):
        holder.setFocus()
        QTest.keyClick(holder, Qt.Key.Key_Z, control)
        assert not np.array_equal(ready.inverting.z, last)
        QTest.keyClick(holder, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
        np.testing.assert_array_equal(ready.inverting.z, last)
    assert ready.studio.undo_stack.canUndo()


def test_a_search_can_be_cancelled_and_keeps_what_it_has(ready):
    ready.press(Qt.Key.Key_R)
    ready.until(lambda: ready.inverting.z is not None)
    if ready.inverting.share is not None:
        ready.press(Qt.Key.Key_Escape)
    z = ready.inverting.z
    ready.qtbot.wait(50)
    assert ready.inverting.share is None
    np.testing.assert_array_equal(ready.inverting.z, z)
    assert ready.panel.use.isEnabled()


# what is dropped and pasted


def test_a_file_is_dropped_fitted_and_fitted_otherwise(ready, tmp_path):
    image = QImage(60, 20, QImage.Format.Format_RGB888)
    image.fill(QColor("black"))
    path = tmp_path / "wide picture.png"
    assert image.save(str(path))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    ready.drop(mime)
    ready.until(lambda: ready.inverting.case is not None)
    case = ready.inverting.case
    assert case.subject == PictureFile(str(path))
    assert case.found.words == "wide picture.png"
    assert int(case.found.target.max()) == 0
    box = ready.panel.choices.fit
    box.setCurrentIndex(box.findData("pad"))
    box.activated.emit(box.currentIndex())
    ready.until(lambda: ready.inverting.case.found.target[0, 0, 0] == 255)
    ready.panel.cancel_search()


def test_a_sample_that_is_dropped_is_taken_as_it_is_seen(ready):
    pixels = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3)).astype(np.uint8)
    ready.drop(sample_drag.mime_of(Parcel(np.zeros((1, 9), np.float32), pixels)))
    ready.until(lambda: ready.inverting.case is not None)
    assert isinstance(ready.inverting.case.subject, Picture)
    np.testing.assert_array_equal(ready.inverting.case.found.target, pixels[0])
    ready.panel.cancel_search()


def test_a_picture_of_another_program_is_pasted_as_a_negative(ready):
    image = QImage(32, 32, QImage.Format.Format_RGB888)
    image.fill(QColor(10, 20, 30))
    QGuiApplication.clipboard().setImage(image)
    ready.panel.choices.load_state({"negative": True})
    ready.press((Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier))
    ready.until(lambda: ready.inverting.case is not None)
    assert ready.inverting.case.found.target[3, 3].tolist() == [245, 235, 225]
    ready.panel.cancel_search()


def test_what_is_no_picture_is_told_by_name(ready, tmp_path):
    bad = tmp_path / "notes.png"
    bad.write_text("no picture")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(bad))])
    ready.drop(mime)
    ready.until(lambda: ready.troubles)
    assert "notes.png" in ready.troubles[0]
    assert "not an image" in ready.troubles[0]
    assert ready.inverting.share is None
    QGuiApplication.clipboard().setText("no picture either")
    ready.panel.paste()
    assert ready.troubles[1].startswith("There is no picture and no sample on the clipboard")
    damaged = QMimeData()
    damaged.setData(sample_drag.MIME, b"nonsense")
    ready.drop(damaged)
    assert "damaged" in ready.troubles[2]


# other generators


def test_another_generator_keeps_the_target_only(ready, tiny):
    ready.press(Qt.Key.Key_R)
    ready.searched()
    subject = ready.inverting.subject
    ready.open(change(tiny, "noise.params.dim", 5)[0])
    assert ready.inverting.case is None
    assert "Another generator" in ready.view.found.sentence
    ready.press(Qt.Key.Key_I)
    ready.searched()
    assert ready.inverting.case.subject is subject
    assert ready.inverting.z.shape == (5,)


def test_points_are_clicked_and_typed(ready):
    experiment = files.preset("ring-8")
    ready.open(experiment)
    pane = ready.view.points
    assert pane.isVisible()
    assert not ready.view.target.isVisible()
    assert not ready.panel.open.isVisible()
    QTest.mouseClick(pane, Qt.MouseButton.LeftButton, pos=pane.rect().center())
    ready.searched()
    assert np.abs(ready.inverting.case.found.target).max() < 0.05
    typed = ready.panel.typed
    typed.setFocus()
    typed.setText("0.1, −0.2")
    QTest.keyClick(typed, Qt.Key.Key_Return)
    ready.searched()
    assert ready.inverting.case.subject == PointTarget((0.1, -0.2))
    assert "away from the target" in ready.view.read_out.words
    typed.setText("one, two")
    QTest.keyClick(typed, Qt.Key.Key_Return)
    assert "numbers" in ready.troubles[-1]
    ready.panel.setFocus()
    ready.press((Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier))
    assert sample_drag.pasted().inputs.tobytes() == ready.inverting.z.tobytes()
    image = QImage(8, 8, QImage.Format.Format_RGB888)
    image.fill(QColor("white"))
    QGuiApplication.clipboard().setImage(image)
    ready.panel.paste()
    assert "points, not images" in ready.troubles[-1]


# the encoder


def quick(request):
    """The same training of an encoder, in an instant."""
    return replace(request, steps=3) if isinstance(request, FitEncoder) else request


def test_an_encoder_is_trained_cancelled_and_saved_when_the_run_has_a_folder(ready, tmp_path, monkeypatch):
    link = ready.panel.encoder
    ready.panel.train.defaultAction().trigger()
    ready.until(lambda: link.news is not None)
    assert ready.panel.train.text().startswith("Cancel encoder")
    ready.panel.train.defaultAction().trigger()
    assert link.share is None
    assert "cancelled" in ready.panel.words.text()
    ask = ready.studio.explorer.ask
    monkeypatch.setattr(ready.studio.explorer, "ask", lambda request, client: ask(quick(request), client))
    ready.panel.train.defaultAction().trigger()
    ready.until(lambda: link.share is None)
    assert "kept while this window is open" in link.sentence
    ready.studio.runs.folder = tmp_path
    ready.studio.runs.open_changed.emit()
    ready.until(lambda: "saved with the run" in link.sentence)
    assert (tmp_path / ENCODER_FILE).is_file()
    ready.press(Qt.Key.Key_R)
    ready.searched()
    assert "The encoder gave a start" in ready.panel.words.text()
    ready.studio.runs.folder = None


# looks and memory


def test_choices_are_remembered_and_nonsense_is_ignored(ready):
    state = {"fit": "pad", "background": "black", "negative": True, "likely": 0.0, "signed": False}
    ready.panel.load_state(state)
    assert ready.panel.save_state() == state
    ready.panel.load_state({"fit": 7, "background": [1], "likely": None, "signed": "no"})
    assert ready.panel.save_state() == state


def test_everything_has_a_name_and_says_what_it_does(ready):
    for widget in ready.panel.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
            assert widget.accessibleName(), widget
            assert widget.toolTip(), widget


def test_the_pictures_stand_in_a_row_or_in_two(ready):
    ready.panel.resize(1000, 500)
    ready.qtbot.wait(1)
    assert len({pane.y() for pane in ready.view.panes}) == 1
    ready.panel.resize(500, 900)
    ready.qtbot.wait(1)
    assert len({pane.y() for pane in ready.view.panes}) == 2


def test_it_follows_the_theme(ready, own_looks):
    ready.press(Qt.Key.Key_R)
    ready.searched()
    dark = ready.view.residual.picture().pixelColor(0, 0)
    theme.apply(QApplication.instance(), "light")
    ready.panel.restyle()
    assert ready.view.residual.picture().pixelColor(0, 0) != dark
