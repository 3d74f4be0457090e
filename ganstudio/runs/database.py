"""The SQLite file under a run's store: opened without trusting it, from any thread, on any medium. Needs no torch."""

import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ganstudio.experiment.errors import StudioError
from ganstudio.runs.checksums import checksum
from ganstudio.runs.folder import SCHEMA, check_schema

TABLES = {
    "about": "key TEXT PRIMARY KEY, value TEXT NOT NULL",
    "branches": (
        "id INTEGER PRIMARY KEY, parent INTEGER, step INTEGER NOT NULL, started REAL NOT NULL, title TEXT NOT NULL, "
        "event INTEGER NOT NULL"
    ),
    "metrics": (
        "branch INTEGER NOT NULL, first INTEGER NOT NULL, width INTEGER NOT NULL, content BLOB NOT NULL, "
        "checksum INTEGER, PRIMARY KEY (branch, first)"
    ),
    "events": (
        "id INTEGER PRIMARY KEY AUTOINCREMENT, branch INTEGER NOT NULL, step INTEGER NOT NULL, kind TEXT NOT NULL, "
        "sentence TEXT NOT NULL, time REAL NOT NULL, trainer TEXT NOT NULL, data TEXT NOT NULL"
    ),
    "snapshots": (
        "id INTEGER PRIMARY KEY AUTOINCREMENT, branch INTEGER NOT NULL, step INTEGER NOT NULL, kind TEXT NOT NULL, "
        "content BLOB NOT NULL, checksum INTEGER"
    ),
    "checkpoints": (
        "branch INTEGER NOT NULL, step INTEGER NOT NULL, bytes INTEGER NOT NULL, time REAL NOT NULL, "
        "reason TEXT NOT NULL, event INTEGER NOT NULL, PRIMARY KEY (branch, step)"
    ),
}
ADDED = ", checksum INTEGER"
"""What version 3 has added to these tables, by what a checksum is of besides the content."""
CHECKED = {"metrics": ("branch", "first", "width"), "snapshots": ("branch", "step", "kind")}
BUSY_SECONDS = 10.0
"""How long one writer waits for another: the keeper's thread, and the window where it writes tags."""
LARGEST_VALUE = 1 << 28
"""Bytes in one value at most: nothing that a run's store holds comes near."""
APPLICATION = 0x47414E53
"""Marks the file as a run's store ("GANS")."""


class Database:
    """One file, one connection to write and one to read. Raises ``StudioError`` naming the file that cannot be used."""

    def __init__(self, path: Path, write: bool):
        self.path = path
        self._lock = threading.RLock()
        self._write_lock = threading.RLock()
        self._writer: sqlite3.Connection | None = None
        self._copies: tempfile.TemporaryDirectory | None = None
        self._still = False
        with self._wrapped("is damaged or not a run's store"):
            if write:
                self._writer = _connect(path, "rw")
                self._writer.execute("PRAGMA journal_mode = WAL")
                self._writer.execute("PRAGMA synchronous = FULL")
            self._connect_reader()
            self._check()
            if write and self._reader.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise StudioError("is damaged: its pages do not fit together", str(path))

    @classmethod
    def create(cls, path: Path) -> None:
        """Make an empty one, whole or not at all. Raises ``OSError`` or ``sqlite3.Error``."""
        passing = path.with_name(f".{path.name}.part")
        passing.unlink(missing_ok=True)
        with suppress(FileNotFoundError):
            path.with_name(f"{path.name}-wal").unlink()  # of a store that lay here before
            path.with_name(f"{path.name}-shm").unlink()
        connection = sqlite3.connect(passing, isolation_level=None)
        try:
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {SCHEMA}")
            connection.execute("BEGIN")
            for name in TABLES:
                connection.execute(_definition(name))
            connection.execute("COMMIT")
        finally:
            connection.close()
        passing.replace(path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with, one thread at a time."""
        with self._lock, self._wrapped("is damaged"):
            if self._still and self._wal.exists():  # somebody has begun to write since
                self._reader.close()
                self._connect_reader()
            yield self._reader

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it is on the disk afterwards, or nothing. The cause of an error is SQLite's own.

        One inside another is a part of it. The first brings a store of version 2 up to date.
        """
        if self._writer is None:
            raise StudioError("was opened to be read only", str(self.path))
        with self._write_lock, self._wrapped("cannot be written"):
            if self._writer.in_transaction:
                yield self._writer
                return
            older = self._older
            self._writer.execute("BEGIN IMMEDIATE")
            try:
                if older:
                    self._add_columns(self._writer)
                yield self._writer
                self._writer.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._writer.execute("ROLLBACK")
                raise
            if older:
                with self._lock:
                    self._reader.close()
                    self._connect_reader()
                self._fill_in()

    def copy(self, path: Path) -> None:
        """A copy as of now in one file that stands on its own, also while somebody writes."""
        with self._lock, self._wrapped("cannot be copied"):
            target = sqlite3.connect(path, isolation_level=None)
            try:
                self._reader.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
            finally:
                target.close()

    def close(self) -> None:
        """Let go of the file; the last writer leaves one file alone."""
        with self._write_lock, self._lock, suppress(sqlite3.Error):
            self._reader.close()
            if self._writer is not None:
                self._writer.close()
            if self._copies is not None:
                self._copies.cleanup()

    @property
    def _wal(self) -> Path:
        return self.path.with_name(f"{self.path.name}-wal")

    def _connected(self) -> sqlite3.Connection:
        """To read, wherever the file lies: beside a writer, on its own, or on a medium that cannot be written."""
        self._still = self._writer is None and not self._wal.exists()
        if self._still:
            return _connect(self.path, "ro", immutable=True)
        try:
            connection = _connect(self.path, "ro")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            return connection
        except sqlite3.OperationalError:
            if self._writer is not None or not self.path.is_file():
                raise
        # What a killed process left beside the file can only be read where it can be written.
        self._copies = tempfile.TemporaryDirectory(prefix="ganstudio-")
        copy = Path(self._copies.name) / self.path.name
        shutil.copyfile(self.path, copy)
        shutil.copyfile(self._wal, copy.with_name(self._wal.name))
        return _connect(copy, "rw")

    def _connect_reader(self) -> None:
        """A store of version 2 is read as if it had the columns that came later, all empty."""
        self._reader = self._connected()
        version = self._reader.execute("PRAGMA user_version").fetchone()[0]
        self._older = version < SCHEMA
        if self._older:
            for table in CHECKED:
                with suppress(sqlite3.OperationalError):  # a foreign file may have no such table
                    self._reader.execute(f"CREATE TEMP VIEW {table} AS SELECT *, NULL AS checksum FROM main.{table}")

    @staticmethod
    def _add_columns(connection: sqlite3.Connection) -> None:
        """From version 2 to 3."""
        if connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA:  # nobody has done it meanwhile
            for table in CHECKED:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN checksum INTEGER")
            connection.execute("UPDATE about SET value = ? WHERE key = 'schema'", (str(SCHEMA),))
            connection.execute(f"PRAGMA user_version = {SCHEMA}")

    def _fill_in(self) -> None:
        """Checksums of what was there before; where there is no room for all of them, it goes on without."""
        with suppress(StudioError), self.writing() as connection:
            connection.create_function("checksum", -1, checksum, deterministic=True)
            for table, place in CHECKED.items():
                connection.execute(
                    f"UPDATE {table} SET checksum = checksum(content, {', '.join(place)}) WHERE checksum IS NULL"
                )

    def _check(self) -> None:
        """Exactly the tables of a run's store: views and triggers of a foreign file would be code."""
        check_schema(self._reader.execute("PRAGMA user_version").fetchone()[0], self.path)
        found = self._reader.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
        own = [(kind, name, sql) for kind, name, table, sql in found if not _automatic(kind, name, table)]
        if sorted(own) != sorted(("table", name, _definition(name, self._older)) for name in TABLES):
            raise StudioError("is damaged or not a run's store: it holds other tables", str(self.path))

    @contextmanager
    def _wrapped(self, what: str) -> Iterator[None]:
        """SQLite's errors, and those of values that are not what they should be, as one sentence."""
        try:
            yield
        except StudioError:
            raise
        except (sqlite3.Error, sqlite3.Warning, OSError) as error:
            reason = getattr(error, "strerror", None) or (str(error).splitlines() or ["?"])[0]
            raise StudioError(f"{what} ({reason[:160]})", str(self.path)) from error
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError, MemoryError) as error:
            raise StudioError(f"{what} ({type(error).__name__})", str(self.path)) from error


def _definition(table: str, older: bool = False) -> str:
    """Its SQL, as SQLite keeps it; ``older``: as version 2 had it."""
    columns = TABLES[table].replace(ADDED, "") if older else TABLES[table]
    return f"CREATE TABLE {table} ({columns})"


def _automatic(kind: str, name: str, table: str) -> bool:
    """Whether SQLite itself made it: an index of a primary key, the counter of AUTOINCREMENT."""
    return (kind == "index" and name == f"sqlite_autoindex_{table}_1") or (kind, name) == ("table", "sqlite_sequence")


def _connect(path: Path, mode: str, immutable: bool = False) -> sqlite3.Connection:
    if not path.is_file():  # SQLite would say "unable to open database file"
        raise FileNotFoundError(2, "there is no such file", str(path))
    address = f"{path.absolute().as_uri()}?mode={mode}{'&immutable=1' if immutable else ''}"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS, cached_statements=64
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    return connection
