"""What the whole suite runs under. The reactor's fixtures are in tests/support/reactor_plugin.py."""

pytest_plugins = [
    "pytester",
    "tests.support.accepted_skips",
    "tests.support.costs",
    "tests.support.reactor_plugin",
    "tests.support.sharing",
    "tests.peers.tried",
]
