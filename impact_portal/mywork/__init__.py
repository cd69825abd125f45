"""My work: what is due, what waits for me, what I wait for; and the calendar of all of it."""
