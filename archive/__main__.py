"""`python -m archive`: the `archive` command."""

from archive.cli import main

main()
