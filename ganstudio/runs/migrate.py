"""Brings a run of an earlier layout to the present one. A crash on the way leaves the earlier run whole."""

import json
from dataclasses import replace
from pathlib import Path

from ganstudio.experiment import files
from ganstudio.runs import tensors
from ganstudio.runs.folder import CHECKPOINTS, METRICS, RECORD, STORE, WEIGHTS
from ganstudio.runs.folder import replace as replace_file
from ganstudio.runs.heads import Head
from ganstudio.runs.metrics import read_rows
from ganstudio.runs.place import new_id
from ganstudio.runs.read import about_of_record
from ganstudio.runs.record import read_record
from ganstudio.runs.store import Checkpoint, Store, checkpoint_path


def migrate(folder: Path) -> Store:
    """From version 1, three files, to the present one, a store and a checkpoint. Answers the store, to be written.

    Raises ``StudioError`` naming the file that is damaged or cannot be written.
    """
    record = read_record(folder / RECORD)
    found, texts = tensors.read(folder / WEIGHTS)
    numbers = json.loads(texts["numbers"])
    steps = numbers["steps"]
    rows = read_rows(folder / METRICS, record.metrics, tuple(record.metrics), steps)
    about = replace(about_of_record(record), run_id=new_id(), steps=steps)
    (folder / STORE).unlink(missing_ok=True)  # of an attempt that was cut short
    store = Store.create(folder, about)
    try:
        store.append_rows(0, 0, rows)
        event = store.add_events(0, [one.event() for one in record.events if one.step <= steps])
        path = checkpoint_path(folder, 0, steps)
        plain = tensors.plain(found)
        head = Head(
            path=path,
            branch=0,
            step=steps,
            event=event,
            time=about.ended,
            reason="stop",
            device=texts["device"],
            experiment=files.loads(texts["experiment"], str(folder / WEIGHTS)),
            about=about,
            branches=store.branches(),
            pending=[],
            numbers=numbers,
            body=tensors.fingerprint(plain),
        )
        content = tensors.dumps(plain, head.texts())
        (folder / CHECKPOINTS).mkdir(exist_ok=True)
        replace_file(path, content)
        store.add_checkpoint(Checkpoint(0, steps, path, len(content), about.ended, head.reason, event))
    except BaseException:
        store.close()
        raise
    for name in (RECORD, WEIGHTS, METRICS):  # the record first: from then on the present layout counts
        (folder / name).unlink(missing_ok=True)
    return store
