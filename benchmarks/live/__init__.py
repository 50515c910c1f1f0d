"""A flood of events on loopback, and who takes it in: a bare loop, wscheck recording, wscheck run, a node script."""
