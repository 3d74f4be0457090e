"""The docks: one file a panel."""
