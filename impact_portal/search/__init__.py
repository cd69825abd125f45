"""Search across what a person may see."""
