"""What a command tells on standard error while it works."""

import sys
import time
from typing import Any

from ganstudio.training.events import Event
from ganstudio.training.session import Session


class Progress:
    """A progress bar on standard error while it trains, with the run's events above it."""

    def __init__(self, steps: int, seconds: float):
        self._steps, self._seconds = steps, seconds
        self._bar: Any = None
        self._began = 0
        self._drawn = 0.0
        self._done = False

    def heard(self, event: Event) -> None:
        """Tell what a person should know."""
        if event.kind == "loading":
            passing(f"{event.sentence} {event.data['share']:.0%}")
        elif event.kind == "started":
            passing("")
            self._bar, self._began = self._new_bar(), event.step
        elif event.kind == "said":
            self._print(f"step {event.step:,} · {event.sentence}")
        elif event.kind in ("warned", "edited"):
            self._print(event.sentence)
        for note in event.data.get("notes", []):
            self._print(note)

    def looked(self, session: Session, seconds: float) -> None:
        """Draw how far it is; once more when it rests, with the rate of the whole run."""
        if self._bar is None or self._done:
            return
        now, status = time.monotonic(), session.status
        if status.phase != "running":
            self._done = True
            self._draw(session, seconds, (status.step - self._began) / seconds if seconds else 0.0)
        elif now - self._drawn >= self._bar.mininterval:
            self._drawn = now
            self._draw(session, seconds, status.steps_per_s)

    def _draw(self, session: Session, seconds: float, rate: float) -> None:
        step, history = session.status.step, session.history
        self._bar.n = min(step if self._steps else seconds, self._bar.total)
        numbers = {} if self._steps else {"step": f"{step:,}"}
        for name, title in (("loss.discriminator", "J_D"), ("loss.generator", "J_G")):
            if len(history) and name in history.names:
                numbers[title] = f"{history.latest(name):.3f}"
        self._bar.set_postfix({**numbers, "steps/s": f"{rate:.1f}"}, refresh=False)
        self._bar.refresh()

    def close(self) -> None:
        """Leave the last line standing."""
        passing("")
        if self._bar is not None:
            self._bar.close()

    def _new_bar(self) -> Any:
        from tqdm import tqdm

        # Where nobody watches (a log file), a line now and then is enough.
        rest = {"mininterval": 0.1 if sys.stderr.isatty() else 10.0, "file": sys.stderr, "dynamic_ncols": True}
        unit = "steps in {elapsed}" if self._steps else "s"
        form = "{percentage:3.0f}%|{bar}| {n:,.0f}/{total:,.0f} " + unit + "{postfix}"
        return tqdm(total=self._steps or self._seconds, bar_format=form, **rest)

    def _print(self, line: str) -> None:
        if self._bar is not None:
            self._bar.write(line, file=sys.stderr)
        else:
            passing("")
            print(line, file=sys.stderr)


def passing(text: str) -> None:
    """A line that the next one replaces, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)
