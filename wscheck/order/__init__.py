"""The order expression: parsed, compiled to a deterministic automaton, and walked one event at a time."""
