"""Who saw and changed what, for the objects whose own room has no page of it."""
