"""What every test shares: how long and how repeatably hypothesis looks, and that no pipeline is told of it."""

from __future__ import annotations

import os

from hypothesis import settings

# The tests are no step of a workflow, also where they run in one: a command would add to its log and its summary.
for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
    os.environ.pop(name, None)

settings.register_profile("local", deadline=None, max_examples=100)
settings.register_profile("ci", deadline=None, max_examples=200, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")
