"""Settings by environment; the environment itself is read in ``base`` only."""
