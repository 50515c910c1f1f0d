"""Speed, measured: what checking costs, beside what others take for the same events."""
