"""Pages of calls and expressions of interest."""
