"""Exit codes; 0 is success."""

BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130
