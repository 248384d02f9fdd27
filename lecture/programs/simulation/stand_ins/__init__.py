"""Stand-ins for the machine's programs (cat, curl), of which the simulated world has none: as much as sessions need.

Each runs there as a program of its own, `python curl.py …`. It reports an option that it doesn't know, with status 2.
"""
