"""``run.json``: what a run was, where it ran, and what happened in it."""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.folder import check_schema
from ganstudio.training.events import Event, EventKind


class EventRecord(BaseModel):
    """One event, with the data that are plain values."""

    kind: EventKind
    step: int = Field(ge=0)
    sentence: str
    time: datetime
    data: dict[str, JsonValue] = {}

    def event(self) -> Event:
        """The event again."""
        return Event(self.kind, self.step, self.sentence, dict(self.data), time=self.time.timestamp())


class Record(BaseModel):
    """The content of ``run.json``."""

    model_config = ConfigDict(extra="ignore")

    schema_version: int = Field(ge=1)
    program: str
    """Version of GAN Studio."""
    torch: str
    """Version of torch: another one may round differently."""
    title: str
    steps: int = Field(ge=0)
    """Completed steps."""
    seed: int
    device: str
    threads: int = Field(ge=1)
    """torch's threads: the sums of a run on the CPU depend on their number."""
    metrics: list[str]
    """Names of the columns of ``metrics.npy``."""
    started: datetime
    ended: datetime
    """When the last saved step had been made."""
    events: list[EventRecord]


def read_record(path: Path) -> Record:
    """A ``run.json``; ``StudioError`` naming the file when it cannot be read or is not one."""
    try:
        record = Record.model_validate_json(path.read_bytes())
    except OSError as error:
        raise StudioError(f"cannot be read ({error.strerror or error})", str(path)) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise StudioError(
            f"is damaged or not a run's record ({where + ': ' if where else ''}{first['msg']})", str(path)
        ) from None
    check_schema(record.schema_version, path)
    return record
