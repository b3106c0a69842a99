"""Lets `python -m coach` do what the `coach` command does."""

from coach.cli import main

if __name__ == "__main__":
    main()
