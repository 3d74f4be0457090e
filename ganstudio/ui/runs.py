"""What a person does with whole runs: go on with one, copy it, throw it away and take that back, write on it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from ganstudio.experiment.errors import StudioError
from ganstudio.runs import archive, housekeeping
from ganstudio.runs.folder import runs_folder
from ganstudio.runs.store import Store
from ganstudio.training.commands import Command, Open, Rewind, Train
from ganstudio.training.events import Event

if TYPE_CHECKING:
    from ganstudio.ui.studio import Studio


class Runs(QObject):
    """The runs of a studio. What takes time is done beside the window, one thing after another."""

    changed = Signal(object)
    """Something about the run in this folder has changed; it may be gone, or new."""
    open_changed = Signal()
    """Another run is open, or the open one has got its folder."""
    told = Signal(str, object)
    """A plain sentence for the banner, with ways on: words → function."""
    compare_wanted = Signal(object)
    """The runs in these folders are to be compared: a list of ``Path``."""
    _back = Signal(object)

    def __init__(self, studio: "Studio"):
        super().__init__(studio)
        self.place = runs_folder()
        """Where new runs are saved."""
        self.folder: Path | None = None
        """Of the open run; None until it is saved for the first time."""
        self._studio = studio
        self._opened_at = 0.0
        self._then: tuple[Path, Command] | None = None
        self._lane = ThreadPoolExecutor(1, "runs")
        self._back.connect(lambda call: call())
        studio.event.connect(self._take)

    def _take(self, event: Event) -> None:
        before = self.folder
        if event.kind == "opened":
            run = self._studio.run
            self._opened_at = event.time
            self.folder = run if run is not None and run.is_dir() else None
            self._go_on()
        elif event.kind == "saved":
            folder = Path(event.data["path"])
            # The run before is told to be saved only after the next has been opened.
            if event.time >= self._opened_at:
                self.folder = folder
            self.changed.emit(folder)
        elif event.kind == "refused" and isinstance(event.data.get("command"), Open):
            self._then = None
        if self.folder != before or event.kind == "opened":
            self.open_changed.emit()

    # going on

    def open(self, folder: Path) -> None:
        """Open a run, as it was left."""
        self._open(folder, None)

    def resume(self, folder: Path) -> None:
        """Open a run and train."""
        self._open(folder, Train())

    def continue_from(self, folder: Path, branch: int, step: int) -> None:
        """Go back to a checkpoint of a run; what is trained from there on is a branch of its own."""
        self._open(folder, Rewind(branch=branch, step=step))

    def is_open(self, folder: Path) -> bool:
        """Whether this is the open run's folder."""
        return self.folder is not None and _same(folder, self.folder)

    def _open(self, folder: Path, then: Command | None) -> None:
        if self.is_open(folder):
            if then is not None:
                self._studio.session.post(then)
            return
        # Only once it is open: if it cannot be opened, the run that stays open must not take the command.
        self._then = (folder, then) if then is not None else None
        self._studio.path_chosen.emit(folder)
        if self._studio.run is None or not _same(self._studio.run, folder):
            self._then = None

    def _go_on(self) -> None:
        then, self._then = self._then, None
        if then is not None and self.is_open(then[0]):
            self._studio.session.post(then[1])

    # copies and the trash

    def duplicate(self, folder: Path) -> None:
        """Copy a run to a new folder beside it."""
        self._studio.message.emit(f"Copying {folder.name}…")
        self._do(lambda: housekeeping.duplicate(folder), lambda copy: self._there(copy, f"Copied to {copy.name}."))

    def throw_away(self, folders: Sequence[Path]) -> None:
        """Move runs to the trash, and offer to bring them back. Never the open one."""
        kept = [folder for folder in folders if self.is_open(folder)]
        if kept:
            self._studio.trouble.emit(f"{kept[0].name} is open; open another run before you delete it.")
        gone = [folder for folder in folders if folder not in kept]
        if gone:
            self._do(
                lambda: [housekeeping.to_trash(folder) for folder in gone], lambda trashed: self._gone(gone, trashed)
            )

    def _gone(self, gone: Sequence[Path], trashed: Sequence[Path]) -> None:
        for folder in gone:
            self.changed.emit(folder)
        words = gone[0].name if len(gone) == 1 else f"{len(gone)} runs"
        self.told.emit(f"{words} moved to the trash.", {"Undo": lambda: self._bring_back(trashed)})

    def _bring_back(self, trashed: Sequence[Path]) -> None:
        def then(back: list[Path]) -> None:
            for folder in back:
                self._there(folder, f"Restored {folder.name}.")

        self._do(lambda: [housekeeping.restore(one) for one in trashed], then)

    # archives

    def unzip(self, file: Path) -> None:
        """Unpack a run beside the others, and open it."""
        self._studio.message.emit(f"Unpacking {file.name}…")

        def then(folder: Path) -> None:
            self._there(folder, f"Unpacked to {folder.name}.")
            self.open(folder)

        self._do(lambda: archive.unzip_run(file, self.place), then)

    def write(self, what: str, path: Path, export: Callable[[], str | None]) -> None:
        """Call a function that writes ``what`` of a run to a path, and answers what it had to leave out."""
        self._studio.message.emit(f"Writing {what}…")

        def then(left_out: str | None) -> None:
            self._studio.message.emit(f"Saved {path}.")
            if left_out:
                self._studio.trouble.emit(left_out)

        self._do(export, then)

    # words

    def describe(self, folder: Path, **changes: Any) -> None:
        """Set tags or note of a run."""
        self._change(folder, lambda store: store.update_about(**changes))

    def title_branch(self, folder: Path, branch: int, title: str) -> None:
        """Call a branch of a run so."""
        self._change(folder, lambda store: store.title_branch(branch, title))

    def _change(self, folder: Path, change: Callable[[Store], object]) -> None:
        def save() -> None:
            with closing(Store.open(folder, write=True)) as store:
                change(store)

        self._do(save, lambda _: self.changed.emit(folder))

    def show_folder(self, folder: Path) -> None:
        """In the system's own browser of files."""
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._studio.trouble.emit(f"This system has no browser of files; the run lies in {folder}.")

    def _there(self, folder: Path, sentence: str) -> None:
        self.changed.emit(folder)
        self._studio.message.emit(sentence)

    def _do(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        def run() -> None:
            try:
                found = work()
            except StudioError as error:
                sentence = str(error)
                self._answer(lambda: self._studio.trouble.emit(sentence))
            else:
                self._answer(lambda: then(found))

        self._lane.submit(run)

    def _answer(self, call: Callable[[], object]) -> None:
        # Qt may have deleted this object: the program is closing.
        with suppress(RuntimeError):
            self._back.emit(call)


def _same(one: Path, other: Path) -> bool:
    """Whether two paths name the same folder, however they are written."""
    return one == other or one.resolve() == other.resolve()
