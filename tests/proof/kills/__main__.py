"""The long run: ``python -m tests.proof.kills --kills 2000 --jobs 2 --minutes 35``."""

from __future__ import annotations

import sys

from tests.proof.kills.campaigns import main

sys.exit(main())
