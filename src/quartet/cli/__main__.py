"""`python -m quartet.cli`: the `quartet` command where its script is not on the path."""

from quartet.cli.main import main

main()
