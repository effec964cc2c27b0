"""`python -m parityhub`: the command line."""

from parityhub.cli import main

main()
