"""Where real batches come from: one file a source."""
