"""The portal's running and testing machinery; Python's standard library only."""
