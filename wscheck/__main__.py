"""`python -m wscheck`."""

from __future__ import annotations

import sys

from wscheck.cli import main

sys.exit(main())
