"""For `pytest --lecture-examples=docs/guides/programs`: the tests in here are run by their sessions."""

collect_ignore_glob = ["*/test_*.py"]
