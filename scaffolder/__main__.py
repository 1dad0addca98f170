"""``python -m scaffolder`` and the installed command are the same."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Most of a short command is imports, whose objects live to the end: collecting finds nothing.
    gc.set_threshold(100_000)
    try:
        # Inside, so that Ctrl-C while modules load is as quiet as later.
        from scaffolder.cli import run
    except KeyboardInterrupt:
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
