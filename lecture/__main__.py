"""`python -m lecture` is the command `lecture`."""

from lecture.cli import main

main()
