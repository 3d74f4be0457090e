"""The docks: one file a panel, named as the panel is."""
