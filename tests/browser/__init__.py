"""A package, so that its browser and its services end with its last test."""
