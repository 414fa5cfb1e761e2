"""`python -m wagu` is `wagu`."""

from wagu.cli import main

main()
