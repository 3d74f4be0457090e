"""How the window stood at the last close: layout, perspective, panels' choices, experiment, last run, a duel."""

import base64
import sys
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray

from ganstudio.experiment import files
from ganstudio.experiment.differences import field_paths
from ganstudio.experiment.paths import value_at
from ganstudio.experiment.wording import field_words, value_words
from ganstudio.ui.perspectives import PERSPECTIVES, add_tabs, perspective

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow

LAYOUT_VERSION = 2
CUT_SHORT = (
    "The window was closed in the middle of a duel ({field}: {left} against {right}), and neither side was kept, "
    "after {steps}. {title} stands at step {step:,}, where the duel began."
)


def restore(window: "MainWindow") -> None:
    """Stand as remembered; panels that the memory does not know have their place in the perspective.

    So have those that a newer version has put into this perspective: of them the memory says no more than that nobody
    saw them here, not that somebody closed them.
    """
    settings = window.settings
    chosen = perspective(settings.get("perspective", str, PERSPECTIVES[0].name))
    geometry, state = (settings.get(name, str, "") for name in ("geometry", "layout"))
    if geometry:
        window.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
    # Before the layout, which gives them their room; those that are not in view are built after the first paint.
    window.panels.build(settings.get("panels_shown", list, []))
    # Not over an arrangement: of that one's tabs Qt would leave an empty bar in the window's corner.
    if window.restoreState(QByteArray.fromBase64(state.encode()), LAYOUT_VERSION):
        window.perspectives.setCurrentIndex(window.perspectives.findData(chosen.name))
        known, arranged = (settings.get(name, list, []) for name in ("known_panels", "arranged_panels"))
        hidden = [name for name, dock in window.docks.items() if dock.isHidden()]
        new = [one for one in hidden if one not in known or (one in chosen.panels and one not in arranged)]
        add_tabs(window, window.docks, chosen, new)
    else:
        window.show_perspective(chosen.name)
    window.panels.build(shown(window))


def shown(window: "MainWindow") -> list[str]:
    """Names of the panels in view, be it behind another's tab."""
    return [name for name, dock in window.docks.items() if not dock.isHidden()]


def remember(window: "MainWindow") -> None:
    """Write layout, choices, experiment and last run into the settings."""
    settings = window.settings
    settings.set("geometry", base64.b64encode(window.saveGeometry().data()).decode())
    settings.set("layout", base64.b64encode(window.saveState(LAYOUT_VERSION).data()).decode())
    settings.set("known_panels", list(window.docks))
    settings.set("perspective", window.perspectives.currentData())
    settings.set("arranged_panels", sorted(perspective(window.perspectives.currentData()).panels))
    settings.set("panels", window.panels.save_state())
    settings.set("panels_shown", shown(window))
    settings.set("preset", window.preset)
    settings.set("last_run", window.last_run)
    run = window.studio.run
    weights = run is not None and not window.preset and run.is_file()
    settings.set("weights", str(run) if weights else "")
    pretrained, waiting = window.actions_by_name["pretrained"].isChecked(), _waiting(window)
    settings.set("pretrained", pretrained)
    settings.set("waiting", waiting)
    # Shipped weights fit the experiment that runs, not what waits for fresh ones.
    running = window.studio.session.experiment if pretrained and waiting else None
    experiment = running or window.studio.experiment
    if experiment is not None:
        settings.set("experiment", files.dumps(experiment))
    settings.set("duel_cut_short", _cut_short(window))
    sentence = settings.save()
    if sentence:
        print(sentence, file=sys.stderr)


def _waiting(window: "MainWindow") -> dict[str, Any]:
    """Edits that wait for a restart, which the run's own experiment does not have: values by full path, in order."""
    studio = window.studio
    paths = field_paths(studio.experiment) if studio.waiting and studio.experiment is not None else []
    return {path: value_at(studio.experiment, path) for path in paths if path in studio.waiting}


def _cut_short(window: "MainWindow") -> str:
    """What has to be said of a duel that is on; empty where none has made a step."""
    duel = window.studio.session.duel
    if duel is None:
        return ""
    steps, experiment = max(duel.left.step, duel.right.step) - duel.step, duel.left.experiment
    if not steps:
        return ""
    left, right = (value_words(experiment, duel.path, side.value) for side in (duel.left, duel.right))
    field, many = field_words(experiment, duel.path), f"{steps:,} step{'s' * (steps > 1)}"
    return CUT_SHORT.format(field=field, left=left, right=right, steps=many, title=experiment.title, step=duel.step)


def say_once(window: "MainWindow") -> str:
    """What is to be said of the last close, and never again."""
    said = window.settings.get("duel_cut_short", str, "")
    window.settings.set("duel_cut_short", "")
    return said
