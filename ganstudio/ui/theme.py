"""Light and dark: one palette of named colours for Qt and for plots, following the system or chosen."""

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

Choice = Literal["system", "light", "dark"]


@dataclass(frozen=True)
class Colours:
    """Hex strings. Real and fake, D and G keep their hue in both themes and in every panel."""

    real: str
    fake: str
    discriminator: str
    generator: str
    value: str
    gradient_d: str
    gradient_g: str
    penalty: str
    grid: str
    text: str
    muted: str
    surface: str
    surface_raised: str
    accent: str
    warning: str
    danger: str
    equilibrium: str
    run_1: str
    """Hues of runs beside each other, none of them one of D's or G's."""
    run_2: str
    run_3: str
    run_4: str
    run_5: str
    run_6: str
    run_7: str
    run_8: str


DARK = Colours(
    real="#4cc2ff",
    fake="#ff9f4a",
    discriminator="#4cc2ff",
    generator="#ff9f4a",
    value="#b58cff",
    gradient_d="#4cc2ff",
    gradient_g="#ff9f4a",
    penalty="#8fd14f",
    grid="#3a3f4a",
    text="#e8eaed",
    muted="#9aa3b2",
    surface="#16181d",
    surface_raised="#22252c",
    accent="#4c8dff",
    warning="#ffc542",
    danger="#ff6b6b",
    equilibrium="#8fd14f",
    run_1="#b58cff",
    run_2="#8fd14f",
    run_3="#ff7ab8",
    run_4="#ffd84d",
    run_5="#3fd6b4",
    run_6="#ff6b6b",
    run_7="#c9d1dc",
    run_8="#c49a6c",
)
LIGHT = Colours(
    real="#0a6ebd",
    fake="#c85a00",
    discriminator="#0a6ebd",
    generator="#c85a00",
    value="#6a3fc4",
    gradient_d="#0a6ebd",
    gradient_g="#c85a00",
    penalty="#3f7d16",
    grid="#d5d9e0",
    text="#1b1f27",
    muted="#5c6675",
    surface="#ffffff",
    surface_raised="#f1f3f6",
    accent="#1f5fd6",
    warning="#8a5a00",
    danger="#c02626",
    equilibrium="#3f7d16",
    run_1="#6a3fc4",
    run_2="#3f7d16",
    run_3="#c2187a",
    run_4="#8a6d00",
    run_5="#00796b",
    run_6="#c02626",
    run_7="#4a5568",
    run_8="#7a4a1c",
)

ON_ACCENT = "#ffffff"
"""Of words and icons on the accent's colour, in both themes."""

_current = DARK
_larger = 1.0


def colours() -> Colours:
    """The colours of the theme in force."""
    return _current


def is_dark() -> bool:
    """Whether the dark theme is in force."""
    return _current is DARK


def type_scale() -> float:
    """How many times larger than usual the type is: above 1 on the stage."""
    return _larger


def enlarge(application: QApplication, larger: float, font: QFont) -> None:
    """Set all type in a font, ``larger`` times the usual one; what is painted follows by ``type_scale``."""
    global _larger
    _larger = larger
    application.setFont(font)
    # Widgets under a style sheet keep the font that they had when it was set.
    application.setStyleSheet(_style(_current))


def past_colours() -> tuple[str, str]:
    """(background, text) of what says that an earlier step is shown: seen at once, in both themes."""
    return _current.warning, _current.surface


def apply(application: QApplication, choice: Choice) -> None:
    """Put a theme in force; ``system`` follows the desktop, and is light where the desktop does not say."""
    global _current
    hints = application.styleHints()
    wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}[choice]
    hints.setColorScheme(wanted)
    dark = choice == "dark" or (choice == "system" and hints.colorScheme() == Qt.ColorScheme.Dark)
    _current = DARK if dark else LIGHT
    palette, style = _palette(_current), _style(_current)
    if application.styleSheet() == style and application.palette() == palette:
        return  # each of the three below goes through all widgets of all windows
    # setColorScheme does nothing offscreen and on bare X11, so the palette is always our own.
    application.setStyle("Fusion")
    application.setPalette(palette)
    application.setStyleSheet(style)


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: c.surface_raised,
        role.WindowText: c.text,
        role.Base: c.surface,
        role.AlternateBase: c.surface_raised,
        role.Text: c.text,
        role.PlaceholderText: c.muted,
        role.Button: c.surface_raised,
        role.ButtonText: c.text,
        role.BrightText: c.danger,
        role.ToolTipBase: c.surface_raised,
        role.ToolTipText: c.text,
        role.Highlight: c.accent,
        role.HighlightedText: ON_ACCENT,
        role.Link: c.accent,
        role.Accent: c.accent,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(c.muted))
    return palette


def _style(c: Colours) -> str:
    return f"""
    QMainWindow::separator {{ background: {c.grid}; width: 3px; height: 3px; }}
    QMainWindow::separator:hover {{ background: {c.accent}; }}
    QToolTip {{ color: {c.text}; background: {c.surface_raised}; border: 1px solid {c.grid}; padding: 4px; }}
    QDockWidget::title {{ background: {c.surface_raised}; padding: 4px 8px; }}
    QToolBar {{ border: none; spacing: 4px; padding: 4px; }}
    QToolBar QToolButton {{ padding: 2px 6px; border: 1px solid transparent; border-radius: 4px; }}
    QToolBar QToolButton:hover {{ border-color: {c.grid}; background: {c.surface}; }}
    QToolBar QToolButton:pressed {{ background: {c.grid}; }}
    QToolBar QToolButton:checked {{ color: {ON_ACCENT}; background: {c.accent}; border-color: {c.accent}; }}
    QToolBar QToolButton#qt_toolbar_ext_button {{ padding: 0; border: none; }}
    QStatusBar::item {{ border: none; }}
    """


def tool_buttons(padding: str, more: str = "") -> str:
    """A style sheet for the tool buttons of a panel: framed, and seen from afar when they are switched on.

    ``more`` is what comes before the pointer, the focus and the switch have their say.
    """
    c = colours()
    return (
        f"QToolButton {{ border: 1px solid {c.grid}; border-radius: 4px; padding: {padding}; }}"
        f"{more}"
        f"QToolButton:hover, QToolButton:focus {{ border-color: {c.accent}; }}"
        f"QToolButton:checked {{ background: {c.accent}; border-color: {c.accent}; color: {ON_ACCENT}; }}"
    )
