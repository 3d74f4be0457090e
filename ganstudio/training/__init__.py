"""The training engine: trainer, session, and the valves between the worker and the window. No Qt."""
