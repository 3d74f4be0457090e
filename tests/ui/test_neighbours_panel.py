"""The Neighbours panel over a session that works: what is found, followed, dropped, seen large, and kept up to date."""

from collections.abc import Iterator

import numpy as np
import pytest
from desk import Desk
from dragging import Hand, dragged
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from ganstudio.experiment import files
from ganstudio.experiment.edits import change
from ganstudio.latent.parcel import Parcel
from ganstudio.ui import neighbour_search, theme
from ganstudio.ui.panels.neighbours import NeighboursPanel
from ganstudio.ui.widgets.neighbour_cells import FEATURES, PIXELS, SAMPLE, Cell
from ganstudio.ui.widgets.neighbour_close_up import difference
from ganstudio.ui.widgets.sample_drag import parcel_in, pasted


def probes() -> dict[str, type]:
    from ganstudio.probes.discriminator import DiscriminatorProbe
    from ganstudio.probes.generator import GeneratorProbe
    from ganstudio.probes.images import ImagesProbe
    from ganstudio.probes.points import PointsProbe

    found = {"generator": GeneratorProbe, "discriminator": DiscriminatorProbe}
    return found | {"images": ImagesProbe, "points": PointsProbe}


class Window(Desk):
    """A panel that a person works with."""

    def __init__(self, qtbot):
        theme.apply(QApplication.instance(), "dark")
        super().__init__(qtbot, NeighboursPanel, probes, (900, 600))
        self.session.start()

    @property
    def table(self):
        return self.panel.table

    def rows(self, count: int) -> None:
        """Wait until so many samples are shown, with all their neighbours."""
        panel = self.panel
        self.until(
            lambda: (
                panel.neighbours is not None
                and len(panel.neighbours.samples) == len(panel.table.titles) == count
                and panel.neighbours.features is not None
                and panel.neighbours.features.searched == panel.neighbours.features.total
            )
        )

    def frame(self):
        """G as it is now, as the window keeps it of the past."""
        mailbox = self.session.subscribe("generator", live=False)
        self.session.wake()
        found: list = []
        self.until(lambda: found.append(mailbox.take()) or found[-1] is not None)
        self.session.unsubscribe(mailbox)
        return found[-1]

    def press(self, key, widget=None, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(widget or self.table, key, modifier)

    def click(self, cell: Cell) -> None:
        self.qtbot.mouseClick(
            self.table, Qt.MouseButton.LeftButton, pos=self.table.cells().rect(cell).center().toPoint()
        )


@pytest.fixture
def bare(qtbot, monkeypatch) -> Iterator[Window]:
    monkeypatch.setattr(neighbour_search, "FIND", (0.0, 0.0, 0.0))
    monkeypatch.setattr(neighbour_search, "COMPARE", (0.0, 0.0, 0.0))
    found = Window(qtbot)
    yield found
    found.close()


@pytest.fixture
def window(bare, tiny) -> Window:
    """The panel with the neighbours of the first sample."""
    with bare.qtbot.waitExposed(bare.panel):
        bare.panel.show()
    bare.open(tiny)
    bare.rows(1)
    return bare


def test_a_sample_is_there_at_once_and_then_the_directions_panel_is_followed(window):
    panel = window.panel
    assert panel.neighbours.pixels.places.shape == (1, 8)
    assert panel.table.titles[0].z.shape == (4,)
    z = np.float32([2, -1, 0.5, 0])
    window.studio.show_sample(z)
    window.until(lambda: panel.table.titles[0].z.tobytes() == z.tobytes())
    window.studio.show_sample(-z)  # while the last answer is still on its way
    window.studio.show_sample(2 * z)
    window.until(lambda: panel.table.titles[0].z.tobytes() == (2 * z).tobytes())
    panel.follow.click()
    window.until(lambda: panel.neighbours is None)
    assert "Drop samples" in panel.table.accessibleDescription()
    window.studio.show_sample(z)
    panel.follow.click()
    window.until(lambda: panel.neighbours is not None and panel.table.titles[0].z.tobytes() == z.tobytes())


def test_distances_are_compared_with_held_out_images(window):
    panel = window.panel
    window.until(lambda: panel.distances is not None)
    assert panel.distances.reading in panel.view.plot.accessibleDescription()
    assert panel.table.suspicious == panel.distances.suspicious > 0
    assert panel.view.plot.marks == [panel.neighbours.pixels.distances[0, 0]]
    assert not panel.grab().isNull()


def test_a_dropped_training_image_is_found_at_distance_0_and_marked(window):
    panel = window.panel
    window.until(lambda: panel.distances is not None)
    image = panel.neighbours.pixels.images[0, 3]
    assert Hand(Parcel(images=image[None])).drop(panel.table)
    window.rows(2)
    cell = Cell(1, PIXELS)
    assert panel.neighbours.pixels.places[1, 0] == panel.neighbours.pixels.places[0, 3]
    assert panel.neighbours.pixels.distances[1, 0] == 0
    assert "distance 0 grey levels" in panel.table.described(cell)
    assert "nearer than 99 %" in panel.table.described(cell)
    assert "nearer than 99 %" not in panel.table.described(Cell(0, PIXELS))
    assert "Euclidean" in panel.table.described(Cell(1, FEATURES))


def test_samples_come_and_go_by_keys_with_undo(window):
    panel = window.panel
    panel.table.setFocus()
    window.press(Qt.Key.Key_R)
    window.rows(2)
    added = panel.table.titles[1]
    assert added.z is not None
    window.press(Qt.Key.Key_R)
    window.rows(3)
    panel.table.choose(Cell(1, FEATURES, 2))
    window.press(Qt.Key.Key_Delete)
    window.rows(2)
    assert panel.table.titles[1].words != added.words
    window.studio.undo_stack.undo()
    window.rows(3)
    assert panel.table.titles[1].z.tobytes() == added.z.tobytes()
    panel.clear_button.click()
    window.rows(1)
    assert not panel.clear_button.isEnabled()
    panel.table.choose(Cell(0))
    window.press(Qt.Key.Key_Delete)
    assert not panel.follow.isChecked()


def test_arrow_keys_walk_over_all_pictures(window):
    panel, table = window.panel, window.table
    panel.add_random()
    window.rows(2)
    for stacked, size in ((False, (1200, 420)), (True, (520, 900))):
        panel.resize(*size)
        QApplication.processEvents()
        assert table.cells().stacked is stacked
        table.choose(Cell(0))
        window.press(Qt.Key.Key_Right)
        assert table.current == Cell(0, PIXELS, 0)
        window.press(Qt.Key.Key_Down)
        assert table.current == (Cell(0, FEATURES, 0) if stacked else Cell(1, PIXELS, 0))
        window.press(Qt.Key.Key_Left)
        assert table.current == Cell(0 if stacked else 1)
        window.press(Qt.Key.Key_Down if stacked else Qt.Key.Key_Up)
        assert table.current == Cell(1 if stacked else 0)
        for _ in range(40):
            window.press(Qt.Key.Key_Right)
        assert table.current.column == table.cells().columns - 1
        for _ in range(9):
            window.press(Qt.Key.Key_Up)
        assert table.current.row == 0


def test_a_neighbour_is_seen_large_beside_its_sample(window):
    panel, view = window.panel, window.panel.view
    window.click(Cell(0, FEATURES, 1))
    assert view.currentWidget() is view.close_up
    sample, neighbour = view.close_up.parcels
    assert sample.images[0].tobytes() == panel.neighbours.samples[0].tobytes()
    assert neighbour.images[0].tobytes() == panel.neighbours.features.images[0, 1].tobytes()
    assert "features" in view.close_up.title
    window.press(Qt.Key.Key_Left, view.close_up)
    assert view.shown == Cell(0, FEATURES, 0)
    window.press(Qt.Key.Key_C, view.close_up, Qt.KeyboardModifier.ControlModifier)
    assert pasted().images[0].tobytes() == panel.neighbours.features.images[0, 0].tobytes()
    window.press(Qt.Key.Key_Escape, view.close_up)
    assert view.currentWidget() is not view.close_up
    assert panel.table.current == Cell(0, FEATURES, 0)
    window.click(Cell(0))  # a sample: beside its nearest
    assert view.shown == Cell(0, PIXELS, 0)
    window.qtbot.mouseClick(view.close_up, Qt.MouseButton.LeftButton)
    assert view.shown is None


def test_a_difference_is_the_absolute_one():
    one, other = np.uint8([[[0], [200]]]), np.uint8([[[255], [190]]])
    assert difference(one, other).tolist() == [[[255], [10]]]


def test_copied_samples_keep_their_z_and_are_pasted_as_rows(window):
    panel = window.panel
    panel.table.choose(Cell(0))
    panel.table.setFocus()
    window.press(Qt.Key.Key_C, modifier=Qt.KeyboardModifier.ControlModifier)
    assert pasted().inputs[0].tobytes() == panel.table.titles[0].z.tobytes()
    window.press(Qt.Key.Key_V, modifier=Qt.KeyboardModifier.ControlModifier)
    window.rows(2)
    assert panel.neighbours.pixels.places[0].tolist() == panel.neighbours.pixels.places[1].tolist()
    chosen: list[np.ndarray] = []
    window.studio.sample_chosen.connect(chosen.append)
    panel.table.choose(Cell(1))
    window.press(Qt.Key.Key_E)
    assert chosen[0].tobytes() == panel.table.titles[1].z.tobytes()


def test_what_cannot_be_added_says_why(window):
    panel = window.panel
    panel.add(Parcel(inputs=np.zeros((1, 7), np.float32)))
    assert "another generator" in window.told[-1]
    panel.add(Parcel(images=np.zeros((9, 5, 5, 1), np.uint8)))
    assert "room for 8" in window.told[-1]
    window.rows(9)
    assert not panel.random.isEnabled()
    QGuiApplication.clipboard().setText("no sample")
    panel.paste()
    assert "neither" in window.told[-1]
    broken = QMimeData()
    broken.setData("application/x-ganstudio-samples", b"broken")
    QGuiApplication.clipboard().setMimeData(broken)
    panel.paste()
    assert "damaged" in window.told[-1]
    panel.table.choose(Cell(3))
    panel.explore()
    assert "no z" in window.told[-1]


def test_pictures_are_carried_away_samples_with_their_z(window, monkeypatch):
    panel, table = window.panel, window.table
    places = [table.cells().rect(cell).center().toPoint() for cell in (Cell(0), Cell(0, FEATURES, 1))]
    sample, neighbour = (dragged(window.qtbot, monkeypatch, table, at) for at in places)
    assert parcel_in(sample.mime).inputs[0].tobytes() == table.titles[0].z.tobytes()
    assert parcel_in(neighbour.mime).images[0].tobytes() == panel.neighbours.features.images[0, 1].tobytes()
    assert panel.view.shown is None  # a drag is no click
    panel.view.open(Cell(0, PIXELS, 2))
    close_up = panel.view.close_up
    middle = close_up.rect().center()
    carried = dragged(window.qtbot, monkeypatch, close_up, middle)
    assert parcel_in(carried.mime).images[0].tobytes() == panel.neighbours.pixels.images[0, 2].tobytes()
    assert dragged(window.qtbot, monkeypatch, close_up, middle * 1.8) is None  # a difference is no image of the data


def test_the_past_shows_samples_of_that_time(window):
    panel = window.panel
    before = panel.neighbours.samples.copy()
    frame = window.frame()
    for _ in range(3):
        window.studio.step()
    window.until(lambda: "step 3" in panel.status.words)
    panel.show_past(0)
    panel.show_frame(frame)
    window.until(lambda: "step 0" in panel.status.words)
    np.testing.assert_array_equal(panel.neighbours.samples, before)
    panel.show_past(None)
    window.until(lambda: "step 3" in panel.status.words)


def test_every_picture_has_a_menu(window):
    texts = [action.text() for action in window.panel.menu(Cell(0)).actions()]
    assert any("Take it out" in text for text in texts)
    menu = window.panel.menu(Cell(0, PIXELS, 2))
    next(action for action in menu.actions() if "own neighbours" in action.text()).trigger()
    window.rows(2)
    assert window.panel.neighbours.pixels.distances[1, 0] == 0


def test_features_are_marked_stale_when_D_has_trained_on_until_they_are_refreshed(window):
    panel = window.panel
    assert not panel.refresh_button.isEnabled()
    window.studio.step()
    window.until(lambda: panel.refresh_button.isEnabled())
    assert "stale" in panel.table.heads[1][0]
    # The samples are those of the new G all the same.
    window.until(lambda: "step 1" in panel.status.words)
    assert panel.neighbours.features.step == 0
    window.press(Qt.Key.Key_U)
    window.until(lambda: panel.neighbours.features.step == 1)
    assert "stale" not in panel.table.heads[1][0]
    assert not panel.refresh_button.isEnabled()


def test_a_hidden_panel_asks_for_nothing(window):
    panel, asked = window.panel, []
    panel.hide()
    window.studio.explorer.ask = lambda *request: asked.append(request)
    try:
        window.studio.step()
        window.until(lambda: window.studio.status.step == 1)
        window.studio.show_sample(np.float32([1, 1, 1, 1]))
        window.qtbot.wait(50)
        assert not asked
    finally:
        del window.studio.explorer.ask
    panel.show()
    window.until(lambda: panel.table.titles[0].z.tolist() == [1, 1, 1, 1] and "step 1" in panel.status.words)


def test_another_generator_keeps_what_fits_and_points_are_seen_in_the_plane(window, tiny):
    panel = window.panel
    panel.add(Parcel(inputs=np.float32([[1, 2, 3, 4]]), images=np.zeros((1, 32, 32, 3), np.uint8)))
    panel.add(Parcel(images=np.full((1, 8, 8, 1), 200, np.uint8)))
    window.rows(3)
    window.open(change(tiny, "noise.params.dim", 6)[0])
    window.rows(3)
    assert [None if one.z is None else len(one.z) for one in panel.table.titles] == [6, None, None]
    window.open(files.preset("ring-8"))
    window.rows(1)  # pictures have no place among points, yet are not lost
    window.until(lambda: panel.distances is not None)
    table = panel.table
    assert "plane" in table.heads[0][0]
    assert table.described(Cell(0)).startswith("current (")
    z, nearest = table.titles[0].z, panel.neighbours.pixels.distances[0, 0]
    for group, words in ((PIXELS, "Nearest of 16,384 training points: ("), (FEATURES, "Nearest in D's features")):
        assert table.described(Cell(0, group)).startswith(words)
        assert table.parcel(Cell(0, group)).inputs.tobytes() == z.tobytes()
    assert panel.view.plot.marks == [nearest]
    assert "held-out points" in panel.distances.reading
    table.choose(Cell(0))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        window.press(key)
    assert table.current == Cell(0, FEATURES)
    window.press(Qt.Key.Key_Return)
    assert panel.view.shown is None
    assert not any("neighbours" in action.text() for action in panel.menu(Cell(0, PIXELS)).actions())
    panel.add(Parcel(images=np.zeros((1, 8, 8, 1), np.uint8)))
    assert "a picture has no neighbours" in window.told[-1]
    assert not panel.grab().isNull()
    window.open(tiny)
    window.rows(3)
    assert [None if one.z is None else len(one.z) for one in panel.table.titles] == [4, 4, None]


def test_it_says_what_it_waits_for_and_remembers_its_choice(bare):
    bare.panel.show()
    bare.until(lambda: bare.studio.is_loaded)
    assert "Choose a preset" in bare.table.accessibleDescription()
    bare.panel.follow.click()
    state = bare.panel.save_state()
    other = NeighboursPanel(bare.studio)
    bare.qtbot.addWidget(other)
    other.load_state(state)
    assert not other.follow.isChecked()
    other.load_state({"follow": "broken"})
    assert other.follow.isChecked()
    assert Cell(0).group == SAMPLE
    assert bare.table.cell_at(QPointF(QPoint(30, 30))) is None
