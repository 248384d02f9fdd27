"""`reactord`: runs an application, in the background or the foreground. What `twistd` does.

    reactord -y web.py                  in the background, with reactord.pid and reactord.log beside it
    reactord -n -y web.py               in the foreground, with the log on the terminal
    reactord web --port 8080            an application that is a plugin
    reactord -c site.toml               plugins, their options and these, in a file
    kill $(cat reactord.pid)            stops it, gracefully
    kill -HUP $(cat reactord.pid)       has it open its log anew, and its services reload

`command.py` tells the story from the command line to the exit status; the other files are one matter each. Two rules
hold throughout. Who starts something hears from it, in one line and a status, whether it started; and what couldn't
start leaves nothing behind. And nothing here believes a file that a dead process could have left.
"""

from reactor.application.runner.command import main

__all__ = ["main"]
