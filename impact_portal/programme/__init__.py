"""The real programme, loaded from readable data files; see ``docs/programme-data.md``."""
