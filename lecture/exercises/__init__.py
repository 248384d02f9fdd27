"""Exercises: programs that fail today, and a grader that tries every way in which the network may deliver their bytes.

An exercise is a folder beside its deck, `exercises/08_two_in_one`:

    task.md            title, what to do, the rules (each with an id), hints
    server.py          what the student edits: it runs, it has a TODO, and it fails
    check.py           the checks, each of which cites the rules that it holds a program to
    solution/          the same file, solved
    wrong/first_line/  a wrong solution that people write; its first line says what they believe

A check is a conversation with the student's program, written once:

    from lecture.exercises import check

    @check("R1", "R2")
    def two_orders(yours):
        guest = yours.connect(7771)
        guest.says(b"soup\\r\\nfish\\r\\n")
        guest.hears(b"one soup\\r\\none fish\\r\\n", rule="R2")

The grader repeats it in worlds that differ in one thing, the *schedule*: the bytes cut in two at each place, each byte
by itself, all that can be sent at once in one piece, a slow link, a reset at each step. Short schedules come first:
the first that fails is the shortest one, and it is what the student is shown.
"""

from lecture.exercises.checks import check
from lecture.exercises.peers import Broken, Peer
from lecture.exercises.trying import Yours

__all__ = ["Broken", "Peer", "Yours", "check"]
