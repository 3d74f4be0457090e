"""Studios, windows and a Directions panel over real sessions, with players small enough to be opened in an instant."""

from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest
from latent_window import LatentWindow
from PySide6.QtCore import QCoreApplication, QEvent

from ganstudio.experiment.edits import change
from ganstudio.experiment.experiment import Experiment, parse
from ganstudio.training.session import Session
from ganstudio.ui import theme
from ganstudio.ui.main_window import MainWindow
from ganstudio.ui.settings import Settings
from ganstudio.ui.studio import Studio
from ganstudio.ui.window import make_window


@pytest.fixture(scope="session")
def tiny() -> Experiment:
    """An MLP pair on 32-pixel faces."""

    def player(role, **params):
        network = {"kind": f"mlp-{role}", "params": {"hidden": [8], **params}}
        return {"network": network, "optimiser": {"kind": "adam", "params": {"lr": 1e-3}}}

    return parse(
        {
            "title": "Tiny",
            "description": "As small as can be.",
            "data": {"kind": "pixel-faces"},
            "noise": {"kind": "normal", "params": {"dim": 4}},
            "batch_size": 8,
            "players": {"generator": player("generator", norm="batch"), "discriminator": player("discriminator")},
        }
    )


@pytest.fixture(scope="module")
def session(qapp) -> Iterator[Session]:
    """One session on the CPU for all tests of a file, without probes and without runs on disk."""
    theme.apply(qapp, "light")
    session = Session(probes=dict, device="cpu", threads=1).start()
    yield session
    assert session.close()


@pytest.fixture
def settle() -> Callable[[Studio], None]:
    """Lets a studio's session follow everything that it has been told, and brings its events over."""

    def settle(studio: Studio) -> None:
        end, quiet = monotonic() + 60, 0
        while quiet < 3:
            assert monotonic() < end, f"waited in vain; the session is {studio.status.phase}"
            events = studio.session.events()
            for event in events:
                studio.take_event(event)
            busy = events or not studio.session.idle or studio.status.phase in ("loading", "opening")
            quiet = 0 if busy else quiet + 1
            sleep(0.005)

    return settle


@pytest.fixture
def studio(session, settle, tiny) -> Iterator[Studio]:
    """The tiny experiment, open and ready."""
    studio = Studio(session)
    settle(studio)
    studio.is_loaded = True
    studio.open(tiny)
    settle(studio)
    yield studio
    settle(studio)
    studio.explorer.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # widgets that the test has closed


@pytest.fixture
def own_looks(qapp) -> Iterator[None]:
    """Brings the application's looks back: the test changes the theme."""
    before = qapp.palette(), qapp.styleSheet(), theme.is_dark()
    yield
    theme.apply(qapp, "dark" if before[2] else "light")
    qapp.setPalette(before[0])
    qapp.setStyleSheet(before[1])


@pytest.fixture
def make(qtbot, tmp_path):
    """Makes whole windows over one home, and closes what is left open."""
    opened: list[MainWindow] = []

    def _make(experiment: Experiment | None = None) -> MainWindow:
        window = make_window(Settings(tmp_path / "settings.json"), out=tmp_path / "runs", threads=1)
        qtbot.addWidget(window)
        opened.append(window)
        with qtbot.waitActive(window):
            window.show()
        if experiment is not None:
            window.open_experiment(experiment)
            window.start_session()
        return window

    yield _make
    for window in opened:
        if window.isVisible():
            window.close()


@pytest.fixture
def latent(qtbot) -> Iterator[LatentWindow]:
    """A Directions panel over a session that is not started yet."""
    found = LatentWindow(qtbot)
    yield found
    found.close()


@pytest.fixture
def wide(tiny):
    """The tiny experiment with 20 numbers in z."""
    return change(tiny, "noise.params.dim", 20)[0]


@pytest.fixture
def exploring(latent, wide):
    """A Directions panel that shows a fresh generator of 20 numbers."""
    latent.session.start()
    latent.panel.show()
    latent.open(wide)
    return latent
