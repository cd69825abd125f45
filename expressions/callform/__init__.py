"""The form of a call as a document: read from rows, checked, edited, compared, put into a file.

Builder, import, copy, versions and preview all work on the same plain data, so that one set of
checks and one way back into rows serves them all.
"""
