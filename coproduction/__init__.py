"""Co-production: the advisory group's living charter, proposals to change it, and positions."""
