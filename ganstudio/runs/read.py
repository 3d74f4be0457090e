"""What a run on disk says of itself, read without torch: its experiment, its head, its events."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.about import About
from ganstudio.runs.folder import CHECKPOINTS, RECORD, SCHEMA, STORE, WEIGHTS
from ganstudio.runs.heads import Head, check_version, files_of, read_head, texts
from ganstudio.runs.record import Record, read_record
from ganstudio.runs.store import Store
from ganstudio.training.events import Event


@dataclass(frozen=True)
class Run:
    """A run on disk."""

    folder: Path
    experiment: Experiment
    """As it was at the newest checkpoint of the current branch, with all edits."""
    about: About
    events: list[Event]
    """Of the current branch, those after its newest checkpoint included."""
    step: int
    """Completed at that checkpoint: where it goes on."""


@dataclass(frozen=True)
class Standing:
    """Where a run goes on: its newest checkpoint that can be used, and the branch to stand on."""

    head: Head
    branch: int
    warnings: list[str]
    """What is damaged and was passed over, in sentences."""


def read_run(folder: Path) -> Run:
    """The run in a folder. Raises one ``StudioError`` naming the file that is missing or damaged."""
    if is_first_layout(folder):
        record = read_record(folder / RECORD)
        events = [one.event() for one in record.events]
        return Run(folder, read_experiment(folder / WEIGHTS), about_of_record(record), events, record.steps)
    store, _ = open_store(folder)
    try:
        return _read(folder, store)
    except StudioError as error:
        if store is None or not about_store(error, folder):
            raise
        return _read(folder, None)
    finally:
        if store is not None:
            store.close()


def _read(folder: Path, store: Store | None) -> Run:
    found = standing(folder, store)
    if store is None:
        return Run(folder, found.head.experiment, found.head.about, [], found.head.step)
    about = store.about()
    return Run(folder, found.head.experiment, about, store.events(about.branch), found.head.step)


def about_store(error: StudioError, folder: Path) -> bool:
    """Whether an error says that the run's store is damaged, which only its reading may have shown."""
    return error.field == str(folder / STORE) and bool(files_of(folder))


def is_first_layout(folder: Path) -> bool:
    """Whether a run lies there as version 1 of the layout had it; ``StudioError`` when none lies there at all."""
    if not folder.is_dir():
        raise StudioError("there is no such folder", str(folder))
    store = (folder / STORE).is_file()
    # The record goes first when a run is brought to the present layout.
    first = (folder / RECORD).is_file() or ((folder / WEIGHTS).is_file() and not store)
    if not first and not store and not files_of(folder):
        raise StudioError(f"holds no run (there is no {STORE} in it)", str(folder))
    return first


def open_store(folder: Path, write: bool = False) -> tuple[Store | None, str]:
    """A run's store; None, and why in a sentence, when it cannot be used but there are checkpoints to go on from."""
    try:
        return Store.open(folder, write), ""
    except StudioError as error:
        if "newer version" in error.message or not files_of(folder):
            raise
        return None, alone(error)


def alone(error: StudioError) -> str:
    """What is said of a run whose store cannot be used."""
    return f"{error}; the run goes on from its checkpoints alone, without what happened before."


def standing(folder: Path, store: Store | None, use: Callable[[Head], object] = lambda head: None) -> Standing:
    """Where to go on. A damaged checkpoint is passed over for the one before.

    ``use`` is what is done with the head; it may find the state behind it damaged. Raises the newest checkpoint's
    ``StudioError`` when none is left.
    """
    failures: list[StudioError] = []
    for path in candidates(folder, store):
        try:
            head = read_head(path)
            use(head)
        except StudioError as error:
            if "newer version" in error.message:
                raise
            failures.append(error)
            continue
        warnings = [f"{error}. The run goes on from step {head.step:,}, the checkpoint before." for error in failures]
        return Standing(head, standing_branch(store, head), warnings)
    raise failures[0] if failures else StudioError("there is no checkpoint to go on from", str(folder / CHECKPOINTS))


def candidates(folder: Path, store: Store | None) -> list[Path]:
    """The checkpoints of the current branch's lineage, the newest first; without a store all that can be read."""
    if store is not None:
        listed = store.checkpoints(store.about().branch)
        if listed:
            return [one.path for one in reversed(listed)]
    moments = []
    for path in files_of(folder):
        try:
            moments.append((read_head(path).time, path))
        except StudioError:
            moments.append((float("-inf"), path))
    return [path for _, path in sorted(moments, reverse=True)]


def standing_branch(store: Store | None, head: Head) -> int:
    """The branch that a checkpoint stands on: the current one where that begins at it, else the checkpoint's own."""
    if store is not None:
        current = store.about().branch
        one = next((one for one in store.branches() if one.id == current), None)
        if one is not None and (one.parent, one.step) == (head.branch, head.step):
            return current
    return head.branch


def about_of_record(record: Record) -> About:
    """The head of a run of the first layout."""
    return About(
        schema=SCHEMA,
        run_id="",
        title=record.title,
        program=record.program,
        torch=record.torch,
        seed=record.seed,
        device=record.device,
        threads=record.threads,
        metrics=tuple(record.metrics),
        started=record.started.timestamp(),
        ended=record.ended.timestamp(),
        steps=record.steps,
    )


def read_experiment(weights: Path) -> Experiment:
    """The experiment that a checkpoint's or a shipped model's weights belong to, from the file's header."""
    text = texts(weights)
    if "experiment" not in text:
        raise StudioError("does not say which experiment it belongs to", str(weights))
    check_version(text, weights)
    return files.loads(text["experiment"], str(weights))


def recent(place: Path, count: int = 10) -> list[Path]:
    """The folders of the runs in a place, the one saved last first."""
    found: dict[Path, float] = {}
    try:
        for name in (STORE, f"{STORE}-wal", RECORD):
            for path in place.glob(f"*/{name}"):
                found[path.parent] = max(found.get(path.parent, 0.0), path.stat().st_mtime)
    except OSError:
        return []
    return sorted(found, key=lambda folder: found[folder], reverse=True)[:count]
