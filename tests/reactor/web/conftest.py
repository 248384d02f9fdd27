"""The tests of `reactor.web` are about `reactor.web`: with `--oracle` there is none."""

import oracle

if oracle.installed():
    collect_ignore_glob = ["test_*.py"]
