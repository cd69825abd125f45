"""A room of the tests alone: people whose name begins with "Due" need a reminder."""
