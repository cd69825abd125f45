"""The whole programme, loaded from its files once for all tests of this folder."""
