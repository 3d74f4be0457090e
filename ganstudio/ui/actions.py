"""Everything that a person can do from menus, toolbar, keys and the command palette, in one list."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence

from ganstudio.ui import theme
from ganstudio.ui.icons import icon

if TYPE_CHECKING:
    from ganstudio.ui.main_window import MainWindow


@dataclass(frozen=True)
class Action:
    """One command. ``keys`` are as Qt writes them; ``menu`` is where it stands."""

    name: str
    menu: str
    title: str
    tip: str
    run: "Callable[[MainWindow], object]"
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    separator: bool = False
    """Whether a line stands above it in the menu."""


ACTIONS = (
    Action("open", "File", "Open experiment…", "Open an experiment (TOML), or a run's exported weights (safetensors)",
           lambda w: w.files.open_dialog(), ("Ctrl+O",), "open"),
    Action("runs", "File", "Runs…", "Every run on disk: search, open, train on, compare, export",
           lambda w: w.show_runs(), ("Ctrl+Shift+O",)),
    Action("open-run", "File", "Open run from a folder…", "Bring a saved run back: look, explore, train on",
           lambda w: w.files.open_run_dialog()),
    Action("import-run", "File", "Import run from a zip…", "Unpack a run that was carried here, and open it",
           lambda w: w.files.import_run_dialog()),
    Action("open-data", "File", "Use my own images…", "Train on a folder of images",
           lambda w: w.files.open_data_dialog(), ("Ctrl+D",)),
    Action("open-points", "File", "Use my own points…", "Train on points in a CSV file, or on a picture as a density",
           lambda w: w.files.open_points_dialog(), ("Ctrl+Shift+D",)),
    Action("save", "File", "Save experiment as…", "Save all fields as TOML", lambda w: w.files.save_dialog(),
           ("Ctrl+Shift+S",), "save", separator=True),
    Action("save-run", "File", "Save run now", "Save weights and metrics of this moment",
           lambda w: w.studio.save_run(), ("Ctrl+S",)),
    Action("quit", "File", "Quit", "Stop, save the run and quit", lambda w: w.close(), ("Ctrl+Q",), separator=True),
    Action("undo", "Edit", "Undo", "Set the last edited field back; the weights go on",
           lambda w: w.studio.undo_stack.undo(), ("Ctrl+Z",), "undo"),
    Action("redo", "Edit", "Redo", "Make the edit again", lambda w: w.studio.undo_stack.redo(),
           ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Action("train", "Train", "Train or pause", "Train, or pause after the step in progress",
           lambda w: w.studio.toggle_training(), ("Space", "F5"), "train"),
    Action("stop", "Train", "Stop", "Stop after the step in progress and save the run", lambda w: w.studio.stop(),
           ("Shift+F5", "Ctrl+."), "stop"),
    Action("step", "Train", "Step both players", "One whole step while paused", lambda w: w.studio.step(),
           (".", "F10"), "step", separator=True),
    Action("step-d", "Train", "Step discriminator", "Only D's part of a step", lambda w: w.studio.step("discriminator"),
           ("D",)),
    Action("step-g", "Train", "Step generator", "Only G's part of a step", lambda w: w.studio.step("generator"),
           ("G",)),
    Action("slow", "Train", "Slow motion", "Play each step part by part, slowly, or at full speed again",
           lambda w: w.studio.toggle_slow(), (",",), "slow", checkable=True),
    Action("restart", "Train", "Restart", "Begin again from the seed, with all edits in force",
           lambda w: w.restart(), ("Ctrl+R",), "restart", separator=True),
    Action("restore", "Train", "Back to the last finite state", "Return to the last state known to be finite",
           lambda w: w.studio.restore(), ("Ctrl+Backspace",)),
    Action("saturating", "Train", "G's loss: saturating or not",
           "G's loss: saturating log(1 − D(G(z))), or non-saturating −log D(G(z))",
           lambda w: w.studio.toggle_saturating(), ("S",), "saturating", checkable=True, separator=True),
    Action("pretrained", "Train", "Pretrained or fresh weights",
           "Start from the shipped weights of this preset, or from fresh ones",
           lambda w: w.toggle_pretrained(), ("P",), "pretrained", checkable=True),
    Action("duel", "Train", "Duel…", "Fork the run into two that differ in one setting, and train them side by side",
           lambda w: w.show_duel(), ("V",)),
    Action("timeline-first", "Timeline", "To the beginning", "Look at the run as it began",
           lambda w: w.timeline.first(), ("Ctrl+Home",), "previous"),
    Action("timeline-back", "Timeline", "Step back", "Look at what was recorded before",
           lambda w: w.timeline.previous(), ("Ctrl+Left",), "earlier-frame"),
    Action("timeline-play", "Timeline", "Play the past", "Play the run so far, from where you look, or from its start",
           lambda w: w.timeline.toggle_play(), ("Shift+Space",), "train"),
    Action("timeline-forward", "Timeline", "Step on", "Look at what was recorded next",
           lambda w: w.timeline.next(), ("Ctrl+Right",), "later-frame"),
    Action("timeline-live", "Timeline", "Live", "Back to what is now (also Esc)",
           lambda w: w.timeline.go_live(), ("Ctrl+End",), "next"),
    Action("timeline-note", "Timeline", "Note…", "Write down a remark on the step shown",
           lambda w: w.timeline_bar.ask_for_note(), ("Ctrl+M",), "note", separator=True),
    Action("timeline-continue", "Timeline", "Continue from here",
           "Go back to the newest checkpoint up to the step shown; going on from there makes a branch",
           lambda w: w.timeline.continue_from_here(), ("Ctrl+Shift+B",), "branch"),
    Action("record", "Timeline", "Record a film…", "Record the samples, a panel or the window: WebP, GIF or MP4",
           lambda w: w.recording.open(), ("Ctrl+Shift+R",), "record", separator=True),
    Action("scene-on", "Scenes", "Go on", "Play on where the scene rests; while it plays, skip to the next beat",
           lambda w: w.player.go_on(), ("PgDown",), separator=True),
    Action("scene-back", "Scenes", "Back to the beat before", "Replay from the seed to the beat before",
           lambda w: w.player.back(), ("PgUp",), "previous"),
    Action("scene-skip", "Scenes", "Skip to the next beat", "At full speed to the next beat, and rest there",
           lambda w: w.player.skip(), ("Shift+PgDown",), "next"),
    Action("scene-replay", "Scenes", "Replay the scene", "From the seed, as rehearsed", lambda w: w.player.replay(),
           ("Shift+PgUp",), "restart"),
    Action("scene-next", "Scenes", "Next scene", "The scene after this one, as in a lecture",
           lambda w: w.stage.next_scene(), ("Ctrl+PgDown",), "later-frame"),
    Action("scene-previous", "Scenes", "Previous scene", "The scene before this one",
           lambda w: w.stage.next_scene(-1), ("Ctrl+PgUp",), "earlier-frame"),
    Action("scene-leave", "Scenes", "Close the scene", "The players stay as they are", lambda w: w.player.leave(),
           ("Ctrl+W",), "close"),
    Action("open-scene", "Scenes", "Open scene…", "Open a scene of your own (TOML)",
           lambda w: w.files.open_scene_dialog(), separator=True),
    Action("reset-layout", "View", "Reset layout", "Put the panels back in place", lambda w: w.reset_layout(),
           ("Ctrl+Shift+L",), separator=True),
    Action("theme", "View", "Switch light / dark", "The other theme", lambda w: w.switch_theme(), ("Ctrl+T",)),
    Action("stage", "View", "Stage", "One or two panels over the whole screen, in large type: for talks",
           lambda w: w.stage.toggle(), ("Ctrl+7", "F9"), "stage", checkable=True, separator=True),
    Action("stage-halo", "View", "Halo", "On the stage: a ring around the pointer (H)",
           lambda w: w.stage.toggle_halo(), icon="halo", checkable=True),
    Action("stage-black", "View", "Black-out", "On the stage: nothing to see, and back (B)",
           lambda w: w.stage.toggle_blackout(), icon="black-out", checkable=True),
    Action("full-screen", "View", "Full screen", "For a projector", lambda w: w.toggle_full_screen(), ("F11",)),
    Action("palette", "Help", "Command palette…", "Find any command by typing", lambda w: w.show_palette(),
           ("Ctrl+K",), "palette"),
    Action("keys", "Help", "Keys", "All keys on one sheet", lambda w: w.show_keys(), ("F1",), "help"),
    Action("about", "Help", "About GAN Studio", "Version and licences", lambda w: w.show_about()),
)  # fmt: skip

TOOLBAR = (
    "train",
    "stop",
    "step",
    "restart",
    "",
    "saturating",
    "pretrained",
    "",
    "undo",
    "redo",
    "",
    "palette",
    "keys",
)
WORDLESS = ("undo", "redo", "palette", "keys")
"""Shown in the toolbar by their icons alone: there must be room for the switches' words at 1280 pixels."""


def build(window: "MainWindow") -> dict[str, QAction]:
    """A QAction for each entry, by name, with menus filled."""
    found = {}
    for entry in ACTIONS:
        action = QAction(entry.title, window)
        action.setObjectName(f"action-{entry.name}")
        action.setShortcuts([QKeySequence(keys) for keys in entry.keys])
        action.setToolTip(tip(entry.name))
        action.setStatusTip(entry.tip)
        action.setWhatsThis(entry.title)
        action.setCheckable(entry.checkable)
        if entry.name in WORDLESS:
            action.setPriority(QAction.Priority.LowPriority)
        action.triggered.connect(lambda _=False, entry=entry: entry.run(window))
        menu = window.menu(entry.menu)
        if entry.separator:
            menu.addSeparator()
        menu.addAction(action)
        found[entry.name] = action
    return found


def tip(name: str) -> str:
    """What an action's button says under the mouse: what it does, and by which key."""
    entry = next(entry for entry in ACTIONS if entry.name == name)
    return f"{entry.tip} ({entry.keys[0]})" if entry.keys else entry.tip


def tint(actions: dict[str, QAction]) -> None:
    """Draw all icons in the theme's colours."""
    for entry in ACTIONS:
        if entry.icon:
            actions[entry.name].setIcon(icon(entry.icon, checked=theme.ON_ACCENT if entry.checkable else ""))
