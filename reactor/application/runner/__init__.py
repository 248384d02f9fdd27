"""`reactord`: runs an application, in the background or the foreground. What `twistd` does.

    reactord -y web.py                  in the background, with reactord.pid and reactord.log beside it
    reactord -n -y web.py               in the foreground, with the log on the terminal
    reactord web --port 8080            an application that is a plugin
    reactord -c site.toml               plugins, their options and these, in a file
    kill $(cat reactord.pid)            stops it, gracefully
    kill -HUP $(cat reactord.pid)       makes it reopen its log, and its services reload

`command.py` tells the story from the command line to the exit status; each other file has one subject. Two rules hold
throughout. The caller learns, from one line and a status, whether the application started, and one that couldn't start
leaves nothing behind. And nothing here trusts a file that a dead process could have left.
"""

from reactor.application.runner.command import main

__all__ = ["main"]
