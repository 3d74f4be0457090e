"""Reads runs and branches from disk to be compared. No Qt; called beside the window."""

from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ganstudio.experiment import files
from ganstudio.experiment.errors import StudioError
from ganstudio.experiment.experiment import Experiment
from ganstudio.runs.clock import clock, clock_of
from ganstudio.runs.export import history_of
from ganstudio.runs.folder import EXPERIMENT, RECORD
from ganstudio.runs.read import is_first_layout, read_experiment
from ganstudio.runs.record import read_record
from ganstudio.runs.store import Store
from ganstudio.training.history import History
from ganstudio.ui.widgets.run_tree import RunTree
from ganstudio.ui.widgets.strands import Strand

OPEN_END = float("inf")


@dataclass(frozen=True)
class RunStrands:
    """A run, its tree, and those of its branches that were asked for."""

    folder: Path
    title: str
    tree: RunTree
    strands: list[Strand]
    left_out: str = ""
    """What of their metrics is damaged, in sentences."""


def read_strands(folder: Path, branches: Collection[int] | None) -> RunStrands:
    """The strands of these branches; of the current one alone where none are named, of all with an empty list.

    Raises ``StudioError`` naming the file that is damaged.
    """
    if is_first_layout(folder):
        return _of_first_layout(folder)
    with closing(Store.open(folder)) as store:
        about, tree = store.about(), RunTree.of(store)
        known = [one.id for one in tree.branches]
        wanted = [about.branch] if branches is None else [one for one in branches if one in known] or known
        found = [_strand(store, branch, about.branch) for branch in wanted]
        said = dict.fromkeys(words for _, words in found if words)  # branches share what lies before their fork
        return RunStrands(folder, about.title, tree, [strand for strand, _ in found], "\n".join(said))


def _strand(store: Store, branch: int, current: int) -> tuple[Strand, str]:
    """It, and what of it is damaged."""
    about, rows = store.about(), store.read(branch)
    history = History(about.metrics)
    history.append(rows.rows)
    saves = store.checkpoints(branch)
    lineage = tuple((one.branch, OPEN_END if one.stop is None else float(one.stop)) for one in store.lineage(branch))
    name = next(one.title for one in store.branches() if one.id == branch)
    experiment = _experiment(store.folder / EXPERIMENT) if branch == current else None
    if experiment is None and saves:
        experiment = _experiment(saves[-1].path)
    strand = Strand(store.folder, branch, about.title, history, clock_of(store, branch), experiment, lineage, name)
    return strand, rows.sentence(str(store.path))


def _experiment(path: Path) -> Experiment | None:
    """Curves are worth a look also where nobody can tell any more what they are of."""
    try:
        return files.read(path) if path.suffix == ".toml" else read_experiment(path)
    except StudioError:
        return None


def _of_first_layout(folder: Path) -> RunStrands:
    record = read_record(folder / RECORD)
    events = [one.event() for one in record.events]
    found = clock(events, [(record.steps, record.ended.timestamp())])
    experiment = _experiment(folder / EXPERIMENT)
    strand = Strand(folder, 0, record.title, history_of(folder)[0], found, experiment, ((0, OPEN_END),))
    return RunStrands(folder, record.title, RunTree([], {}, [], 0), [strand])
