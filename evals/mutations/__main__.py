"""`python -m evals.mutations`: the same as `coach eval mutations`."""

from __future__ import annotations

from evals.mutations.run import main

if __name__ == "__main__":
    main()
