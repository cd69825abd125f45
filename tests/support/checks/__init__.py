"""The guards' eyes: functions that find faults in a tree of files or in Django's registries.

Each takes what it looks at as an argument, so that a test can plant a fault and see it found.
"""
