"""What the window remembers: layout, theme, choices of panels, recent files, the last run. One JSON file."""

import json
import os
from pathlib import Path
from typing import Any

import platformdirs

RECENT = 10


class Settings:
    """A small dictionary on disk. A missing or damaged file reads as empty; ``save`` reports an unwritable one."""

    def __init__(self, path: Path | None = None):
        self.path = path or Path(platformdirs.user_config_dir("ganstudio")) / "settings.json"
        self._values: dict[str, Any] = self._read()

    def _read(self) -> dict[str, Any]:
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def get(self, name: str, kind: type, default: Any) -> Any:
        """A remembered value, if it is of the expected type."""
        found = self._values.get(name, default)
        return found if isinstance(found, kind) else default

    def set(self, name: str, value: Any) -> None:
        """Remember a plain JSON value (written by ``save``)."""
        self._values[name] = value

    def add_recent(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        recent = [str(path), *(one for one in self.get("recent", list, []) if one != str(path))]
        self.set("recent", recent[:RECENT])

    def save(self) -> str:
        """Write the file whole or not at all. Answers a plain sentence when that failed, else an empty text."""
        part = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(self._values, indent=1), encoding="utf-8")
            os.replace(part, self.path)
        except OSError as error:
            return (
                f"The settings cannot be saved to {self.path} ({error.strerror}), so your choices will be forgotten; "
                "make that folder writable."
            )
        return ""
