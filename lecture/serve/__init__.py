"""`lecture serve`: the deck while one writes it and while one speaks.

    server      listens, prints the links, ends cleanly
    door        who may come in, and who may speak: Host, Origin, token
    pages       the site that was built last, each page with what connects it to us
    messages    what comes over the WebSocket, checked
    audience    who listens: the speaker's place and the speaker's runs go to all of them
    runs        a session run for the speaker, and when the recorded one is to be shown instead
    rebuilding  builds anew whenever a file changes that the last build read (watching)
    workers     the processes that do what takes time (worker): they build, or run a session (build_once, run_once)

The server is `reactor.web`. It never waits for a build or a program: those are other processes.
"""
