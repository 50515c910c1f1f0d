"""A real Jupyter Server with one Python kernel, and scenarios that a client of it plays."""
