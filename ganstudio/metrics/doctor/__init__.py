"""The doctor: what is wrong with a run, by which evidence, and what to do about it. One file a complaint."""
