"""The Directions panel: what a person does with sliders, keys and buttons, and what they then see."""

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QSlider

from ganstudio.experiment.edits import change
from ganstudio.training.commands import Step, Train
from ganstudio.ui import theme
from ganstudio.ui.panels.latent import LatentPanel


def test_it_says_what_it_waits_for_and_then_shows_a_fresh_generator(latent, wide):
    panel = latent.panel
    panel.show()
    assert panel.box.view.sentence == "Loading PyTorch…"
    assert not panel.rows
    assert not panel.controls.random.isEnabled()
    latent.session.start()
    latent.until(lambda: panel.box.view.sentence.startswith("Choose a preset"))
    latent.open(wide)
    assert panel.box.view.sentence == ""
    assert len(panel.rows) == 8
    assert panel.controls.random.isEnabled()


def test_a_sample_that_is_sent_is_shown_to_the_bit(exploring):
    panel = exploring.panel
    panel.truncation.slider.setValue(50)
    z = np.random.default_rng(5).normal(size=20).astype(np.float32)
    exploring.studio.sample_chosen.emit(z)
    exploring.settle()
    assert panel.box.z.tobytes() == z.tobytes()
    panel.controls.random.click()
    exploring.until(lambda: panel.z.tobytes() != z.tobytes())
    panel.controls.back.click()
    exploring.settle()
    assert panel.box.z.tobytes() == z.tobytes()


def test_a_sample_that_was_sent_before_the_panel_was_seen_awaits_it(latent, wide):
    z = np.random.default_rng(5).normal(size=20).astype(np.float32)
    latent.session.start()
    latent.studio.open(wide)
    latent.until(lambda: latent.studio.status.phase == "ready")
    latent.studio.sample_chosen.emit(z)
    latent.panel.show()
    latent.settle()
    assert latent.panel.box.z.tobytes() == z.tobytes()


def test_a_sample_of_another_generator_is_refused(exploring):
    z = exploring.panel.z
    exploring.studio.sample_chosen.emit(np.zeros(3, np.float32))
    np.testing.assert_array_equal(exploring.panel.z, z)
    assert "another generator" in exploring.told[-1]


def test_it_follows_training_while_visible(exploring):
    panel = exploring.panel
    z, before = panel.z, exploring.pixels()
    for _ in range(3):
        exploring.session.post(Step())
    exploring.until(lambda: panel.box.view._caption.endswith("step 3"))
    assert exploring.pixels() != before
    np.testing.assert_array_equal(panel.z, z)
    panel.hide()
    exploring.session.post(Train())
    exploring.until(lambda: exploring.session.status.step > 30)
    assert panel.box.view._caption.endswith("step 3")
    panel.show()
    exploring.until(lambda: not panel.box.view._caption.endswith("step 3"))


def test_directions_can_be_found_again_and_keep_their_sides(exploring):
    panel = exploring.panel
    for _ in range(5):
        exploring.session.post(Step())
    exploring.until(lambda: panel.box.view._caption.endswith("step 5"))
    before = panel.bank.vectors
    panel.bank.choice.find.click()
    exploring.until(lambda: panel.bank.vectors is not before)
    assert "step 5" in panel.bank.choice.find.toolTip()
    assert (np.sum(panel.bank.vectors * before, axis=1) >= 0).all()


def test_live_weights_are_shown_on_demand(exploring):
    panel = exploring.panel
    for _ in range(4):
        exploring.session.post(Step())
    exploring.until(lambda: panel.box.view._caption == "EMA weights after step 4")
    panel.weights.setCurrentIndex(1)
    panel.weights.activated.emit(1)
    exploring.until(lambda: panel.box.view._caption == "live weights after step 4")


def test_another_experiment_keeps_z_where_it_fits(exploring, wide, tiny):
    panel, z = exploring.panel, exploring.panel.z
    before = exploring.pixels()
    exploring.open(change(wide, "seed", 9)[0])
    exploring.until(lambda: exploring.pixels() != before)
    np.testing.assert_array_equal(panel.z, z)
    exploring.open(tiny)
    exploring.until(lambda: panel.z is not None and panel.z.shape == (4,))
    exploring.settle()
    assert len(panel.rows) == 4, "a small z has fewer directions"
    assert panel.box.view.sentence == ""


def test_latencies_are_noted_from_the_move_to_the_painted_image(exploring):
    panel = exploring.panel
    exploring.qtbot.waitExposed(panel)
    panel.latencies.clear()
    for value in (50, -50, 100):
        panel.rows[0].slider.setValue(value)
        exploring.settle()
        exploring.until(lambda: panel.box.view._asked_at is None)
    assert len(panel.latencies) == 3
    assert all(0 < seconds < 30 for seconds in panel.latencies)
    exploring.session.post(Step())
    exploring.until(lambda: panel.box.view._caption.endswith("step 1"))
    panel.repaint()
    assert len(panel.latencies) == 3, "an image that nobody asked for has no latency"


def test_the_image_is_copied_and_saved_with_its_z(exploring, tmp_path):
    panel = exploring.panel
    panel.box.copy.click()
    copied = QGuiApplication.clipboard().image()
    assert copied.width() == copied.height() == 512
    path = tmp_path / "sample.png"
    panel.box.save_image(str(path))
    saved = QImage(str(path))
    z = np.array(saved.text("z").split(), np.float32)
    assert z.tobytes() == panel.z.tobytes()
    trouble = []
    panel.studio.trouble.connect(trouble.append)
    panel.box.save_image(str(tmp_path / "absent" / "sample.png"))
    assert "cannot be written" in trouble[-1]


def test_choices_are_remembered(exploring, latent):
    panel = exploring.panel
    panel.bank.choice.method.setCurrentIndex(1)
    panel.bank.choice.which.setText("2–5")
    panel.bank.choice.which.editingFinished.emit()
    state = panel.save_state()
    twin = LatentPanel(exploring.studio)
    exploring.qtbot.addWidget(twin)
    twin.load_state(state)
    assert twin.bank.choice.save_state() == panel.bank.choice.save_state()
    assert twin.bank.choice.which.text() == "2–5"
    for nonsense in ({}, {"sliders": 3}, {"sliders": {"method": 1, "principal": None, "dimensions": "zzz"}}):
        twin.load_state(nonsense)


def test_it_stands_beside_or_below_its_image(exploring):
    panel = exploring.panel
    panel.resize(1000, 500)
    exploring.until(lambda: panel.box.x() > panel.controls.x())
    panel.resize(380, 800)
    exploring.until(lambda: panel.box.y() < panel.controls.y())


def test_every_control_has_a_tooltip_and_an_accessible_name(exploring):
    panel = exploring.panel
    controls = [
        one
        for kind in (QAbstractButton, QSlider, QComboBox, QLineEdit)
        for one in panel.findChildren(kind)
        if one.isVisible()
    ]
    assert len(controls) > 30
    assert not [one for one in controls if not one.accessibleName() or not one.toolTip()]


def test_it_follows_the_theme(exploring):
    panel = exploring.panel

    def colour() -> str:
        return panel.grab().toImage().pixelColor(panel.width() - 12, 10).name()

    assert colour() == theme.colours().surface
    theme.apply(QApplication.instance(), "light")
    panel.restyle()
    assert colour() == theme.colours().surface == "#ffffff"
