"""An axis of seconds of training, told in seconds, minutes or hours. No Qt."""

from ganstudio.ui.widgets.axis import Axis, Tick

ROWS_PER_SECOND = 100
"""The axis counts in rows of a hundredth of a second, as an axis of steps counts in steps."""
UNITS = ((3 * 3600, 3600, "hours"), (300, 60, "minutes"))
"""(seconds from which on, seconds of one, name), the longest first."""


class TimeAxis(Axis):
    """Hundredths of a second in, seconds, minutes or hours on the labels, as the range wants."""

    @property
    def _scale(self) -> tuple[float, str]:
        """Rows of one unit, and its name."""
        seconds = self.high / ROWS_PER_SECOND
        for least, size, name in UNITS:
            if seconds >= least and not self.log:
                return size * ROWS_PER_SECOND, name
        return ROWS_PER_SECOND, "seconds"

    @property
    def unit(self) -> str:
        return self._scale[1]

    def ticks(self, most: int) -> list[Tick]:
        rows, _ = self._scale
        shown = Axis(self.low / rows, self.high / rows, log=self.log).ticks(most)
        return [Tick(tick.value * rows, tick.label) for tick in shown]
