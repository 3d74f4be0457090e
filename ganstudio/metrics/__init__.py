"""Numbers that judge. No Qt."""
