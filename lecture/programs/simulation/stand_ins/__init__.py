"""Programs of the machine that sessions use, for the simulated world, which has none: what of them a session needs.

Each is run there as a program of its own, `python curl.py …`. What it doesn't know it says, and ends with status 2.
"""
