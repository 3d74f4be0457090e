"""``runs``, ``resume`` and ``export``: what is done with the runs on disk."""

import argparse
import json
import sys
import tempfile
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ganstudio.cli.train import DEFAULT_SECONDS, carry_out
from ganstudio.cli.wanted import edit
from ganstudio.experiment.errors import StudioError
from ganstudio.progress import passing
from ganstudio.runs.archive import unzip_run
from ganstudio.runs.catalogue import Entry, catalogue, find, search
from ganstudio.runs.export import EXPORTS
from ganstudio.runs.folder import runs_folder
from ganstudio.runs.headless import Plan
from ganstudio.runs.housekeeping import duplicate, empty_trash
from ganstudio.runs.read import read_run

FORMATS = ("csv", "parquet")
WHAT = ("metrics", "samples", "weights", "onnx", "experiment", "zip")
SHORT = {"loss.discriminator": "J_D", "loss.generator": "J_G", "score.real": "D(x)", "score.fake": "D(G(z))"}
"""Key numbers as the window calls them."""


def list_runs(options: argparse.Namespace) -> int:
    """``runs``."""
    if options.empty_trash:
        empty_trash(runs_folder())
    entries = search(catalogue(), options.search)
    if options.json:
        print(json.dumps([{"name": entry.name} | asdict(entry) for entry in entries], default=_plain))
        return 0
    if not entries:
        words = f" with {options.search!r}" if options.search else ""
        print(f"There are no runs{words} in {runs_folder()}.")
    for entry in entries:
        print(f"{entry.name}: {entry.title}", f"    {_line(entry)}", sep="\n")
    return 0


def resume(options: argparse.Namespace) -> int:
    """``resume``."""
    passing("Loading PyTorch…")
    from ganstudio.training.worker import device

    device(options.device)
    edits = [edit(text) for text in options.edit]
    folder = _going_on(options.wanted, options.out)
    run = read_run(folder)
    early = next((path for step, path, _ in edits if step < run.step), None)
    if early is not None:
        raise StudioError(f"an edit must come after step {run.step:,}, where the run goes on", early)
    until, own = (run.step + options.steps if options.steps else 0), run.experiment.steps
    if 0 < own <= run.step or 0 < own < until:  # it cannot go on, or not as far, with the end that it has
        own = until
        edits.insert(0, (run.step, "steps", own))
    plan = Plan(
        run.experiment,
        run=folder,
        seconds=options.seconds or (0.0 if own or until else DEFAULT_SECONDS),
        until=until,
        edits=edits,
        watch=options.watch,
        device=options.device,
        threads=options.threads,
    )
    return carry_out(plan, options.json)


def _going_on(wanted: str, out: Path | None) -> Path:
    """The folder of the run that goes on: its own, or that of a copy or of what was unpacked."""
    found = _found(wanted)
    if out is None:
        return found if found.is_dir() else unzip_run(found, runs_folder())
    try:
        if out.exists():
            out.rmdir()  # an empty one
    except OSError:
        raise StudioError("is there already; name a new folder for the copy", str(out)) from None
    return duplicate(found, out) if found.is_dir() else unzip_run(found, out.parent, out.name)


def export(options: argparse.Namespace) -> int:
    """``export``."""
    kind = options.what
    if kind == "metrics":
        kind = options.format or ("parquet" if options.out.suffix == ".parquet" else "csv")
    elif options.format:
        raise StudioError("only metrics have a choice of formats", "--format")
    if options.out.is_dir():
        raise StudioError("is a folder; name a file", str(options.out))
    if options.out.exists() and not options.force:
        raise StudioError("is there already; name another file, or add --force to replace it", str(options.out))
    found = _found(options.wanted)
    with tempfile.TemporaryDirectory(prefix="ganstudio-") as passing_place:
        run = found if found.is_dir() else unzip_run(found, Path(passing_place))
        said = EXPORTS[kind](run, options.out)
    if said:
        print(said, file=sys.stderr)
    print(f"Written to {options.out}.")
    return 0


def _found(wanted: str) -> Path:
    """A run's folder, or its zip file."""
    path = Path(wanted).expanduser()
    return path if path.suffix.lower() == ".zip" and path.is_file() else find(wanted)


def _line(entry: Entry) -> str:
    """What the table says of a run, in one line."""
    parts = [
        f"{entry.steps:,} steps",
        str(timedelta(seconds=round(entry.seconds))),
        f"{entry.size / 1e6:,.1f} MB",
        *(f"{short} {entry.numbers[name]:.3f}" for name, short in SHORT.items() if name in entry.numbers),
        *([f"{entry.branches} branches"] if entry.branches > 1 else []),
        *(f"#{tag}" for tag in entry.tags),
    ]
    return entry.damaged or " · ".join(parts)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
