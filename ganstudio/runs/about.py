"""What a run says of itself. Needs no torch."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from ganstudio.experiment.errors import StudioError

Count = Annotated[int, Field(ge=0, lt=2**63)]
Moment = Annotated[float, Field(allow_inf_nan=False)]


@dataclass(frozen=True)
class About:
    """The head of a run's store; each checkpoint carries a copy. Times are seconds since the epoch."""

    schema: Annotated[int, Field(ge=1)]
    """Version of the run's layout."""
    run_id: str
    """A uuid: the same run, wherever its folder lies and whatever it is called."""
    title: str
    program: str
    """Version of GAN Studio."""
    torch: str
    """Version of torch: another one may round differently."""
    seed: int
    device: str
    threads: Annotated[int, Field(ge=1)]
    """torch's threads: the sums of a run on the CPU depend on their number."""
    metrics: tuple[str, ...]
    """Names of the columns of its rows."""
    started: Moment
    ended: Moment
    """When something was last recorded."""
    preset: str = ""
    """The shipped preset that it began as; empty where it began as none."""
    steps: Count = 0
    """Completed and recorded steps of the current branch."""
    branch: Count = 0
    """The current branch: the one that was trained last, and that opening the run goes on with."""
    tags: tuple[str, ...] = ()
    note: str = ""
    origin: str = ""
    """``run_id`` of the run that this one was copied from; empty where it was not."""

    def dumps(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))


_ABOUT = TypeAdapter(About)


def about_of(values: Mapping[str, Any], source: str) -> About:
    """Checked, from plain values; raises ``StudioError`` headed by ``source``, a file's path. Unknown keys are left."""
    try:
        return _ABOUT.validate_python(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise StudioError(f"is damaged ({where + ': ' if where else ''}{first['msg']})", source) from None
