"""`python -m evals`: the same as `coach eval`."""

from __future__ import annotations

from evals.cli import main

if __name__ == "__main__":
    main(prog_name="python -m evals")
