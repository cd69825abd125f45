"""A room of the tests alone, with a report that takes its time."""
