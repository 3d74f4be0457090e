"""The one exception that is shown to a person."""


class StudioError(ValueError):
    """Something a person can mend: bad input, a missing file, an impossible combination.

    ``message`` is one plain sentence that says what is wrong and what to do; ``field`` is the dotted path of the
    experiment's field at fault, or the file's path, and stands at the head of the sentence when there is one.
    """

    def __init__(self, message: str, field: str = ""):
        super().__init__(f"{field}: {message}" if field else message)
        self.field = field
        self.message = message
