"""The run on disk. No Qt."""
