"""What can be looked at during training: one file a probe. No Qt."""
