"""Examples that run as they stand, each described in README.md."""
