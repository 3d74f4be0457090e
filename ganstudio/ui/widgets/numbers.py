"""Numbers as a person types and steps them."""

from math import floor, isfinite, log10

from ganstudio.experiment.fields import Field

MANTISSAS = (1, 2, 5, 10)


def parsed(text: str, integer: bool) -> int | float | str:
    """The number that was typed (``1e3`` is a whole number); the text itself when it is none."""
    text = text.strip()
    try:
        return int(text)
    except ValueError:
        pass
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if integer and isfinite(value) and value.is_integer() else value


def shown(value: object) -> str:
    """A number in the fewest characters that tell it: six digits, and powers of ten without padding (``1e-5``)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    if isinstance(value, int):
        return str(value)
    mantissa, e, exponent = f"{value:.6g}".partition("e")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def stepped(value: int | float, steps: int, field: Field) -> int | float:
    """The value ``steps`` presses of an arrow key away, within the field's limits.

    A ``log`` field goes 1, 2, 5, 10, …; a whole number by one; any other by one in its last digit shown, so that 0.999
    becomes 0.998 and 0.5 becomes 0.4.
    """
    integer = field.editor == "integer"
    if field.log and value > 0:
        found = value
        for _ in range(abs(steps)):
            found = _next_mantissa(found, up=steps > 0)
    else:
        unit = 1 if integer else _unit(value, field.limits)
        found = round(value + steps * unit, 12)
    found = max(found, field.limits.get("ge", found))
    found = min(found, field.limits.get("le", found))
    if found <= field.limits.get("gt", found - 1) or found >= field.limits.get("lt", found + 1):
        return value
    return int(found) if integer else float(found)


def _next_mantissa(value: float, up: bool) -> float:
    power = floor(log10(value))
    around = [mantissa * 10.0**exponent for exponent in (power - 1, power, power + 1) for mantissa in MANTISSAS]
    # A hair's breadth, lest 0.0002 be its own neighbour.
    if up:
        found = min(one for one in around if one > value * (1 + 1e-9))
    else:
        found = max(one for one in around if one < value * (1 - 1e-9))
    return float(f"{found:.6g}")


def _unit(value: float, limits: dict[str, float]) -> float:
    mantissa, e, exponent = shown(value).partition("e")
    digits = len(mantissa.partition(".")[2])
    if not digits and not e:
        return 0.1 if limits.get("le", limits.get("lt", 100)) <= 10 else 1.0
    return 10.0 ** (int(exponent or 0) - digits)
