"""`python -m evenwicht.cli`."""

from evenwicht.cli import main

main()
