"""What can be done with one slider of the Directions panel, and with the named direction that it stands for."""

from collections.abc import Callable

from PySide6.QtWidgets import QInputDialog, QMenu

from ganstudio.experiment.errors import StudioError
from ganstudio.latent.choices import NAMED, Direction
from ganstudio.ui.keepsakes import KeepsakeBox
from ganstudio.ui.widgets.direction_slider import DirectionSlider


def direction_menu(
    row: DirectionSlider, direction: Direction, kept: KeepsakeBox, refused: Callable[[str], object]
) -> QMenu:
    """``refused`` is told why a name cannot be given."""

    def rename() -> None:
        name, given = QInputDialog.getText(row, "Rename the direction", "Name", text=direction.name)
        if given:
            rename_to(kept, direction.name, name, refused)

    menu = QMenu(row)
    lock = menu.addAction("Unlock\tL" if row.lock.isChecked() else "Lock\tL", row.lock.click)
    lock.setEnabled(row.lock.isEnabled())
    menu.addAction("Reset\tDelete", row.reset.click).setEnabled(row.reset.isEnabled())
    if direction.key[0] == NAMED:
        menu.addSeparator()
        menu.addAction("Rename…", rename)
        menu.addAction("Remove", lambda: kept.remove_direction(direction.name))
    return menu


def rename_to(kept: KeepsakeBox, old: str, new: str, refused: Callable[[str], object]) -> None:
    """Call a named direction otherwise."""
    try:
        kept.rename_direction(old, new)
    except StudioError as error:
        refused(f"{str(error)[:1].upper()}{str(error)[1:]}.")
