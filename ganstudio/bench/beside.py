"""A benchmark's part in a process of its own: whatever becomes of it, the benchmark goes on."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

Line = dict[str, Any]


class Ended(Exception):
    """The process died (``hung`` False), or said nothing for too long and was killed."""

    def __init__(self, hung: bool, words: str):
        super().__init__(words)
        self.hung = hung


def lines(module: str, *arguments: object, patience: float = 120.0) -> Iterator[Line]:
    """Run ``python -m module`` and give the JSON objects that it prints, a line each, as they come.

    Raises ``Ended`` when it fails, or is silent for ``patience`` seconds.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        start_new_session=True,
    )
    said: queue.Queue[str] = queue.Queue()
    complaints: list[str] = []
    readers = [
        threading.Thread(target=_pour, args=(process.stdout, said.put), daemon=True),
        threading.Thread(target=_pour, args=(process.stderr, complaints.append), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        while line := said.get(timeout=patience):
            yield json.loads(line)
    except queue.Empty:
        raise Ended(True, f"silent for {patience:g} s") from None
    finally:
        if process.poll() is None:
            _wait(process)
        for reader in readers:
            reader.join(5)
        for pipe in (process.stdout, process.stderr):
            pipe.close()
    if process.returncode:
        words = [line for line in complaints if line.strip()] or [f"exit code {process.returncode}"]
        raise Ended(False, words[-1].strip())


def say(**values: Any) -> None:
    """Print a line for whoever started this process."""
    print(json.dumps(values), flush=True)


def _pour(pipe: Any, put: Any) -> None:
    for line in pipe:
        put(line)
    put("")


def _wait(process: subprocess.Popen) -> None:
    """Until it has ended of itself, or by force, its children with it."""
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
