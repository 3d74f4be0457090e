"""What to train: experiments, presets, components by name, and which edits may happen live. No torch, no Qt."""
