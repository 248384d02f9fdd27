# ---
# jupyter:
#   jupytext:
#     notebook_metadata_filter: kernelspec,-jupytext.text_representation.jupytext_version
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The Tutorial of Doom
#
# The programs in this notebook are yours to change. A cell that begins with `%%program` saves a program into a folder of
# your own; a cell that begins with `%%session` types commands into a terminal there, and shows below it what the programs
# printed. They are real processes, and talk over this machine's own network. What you see now is what came when the
# notebook was made; if your programs do something else, the cell says what. `%%original` above the text of a cell brings
# back what it was.
#
# The next cell teaches this notebook these words. If it finds no `lecture`, type
# `pip install --editable ".[notebooks]"` into a terminal first, in a clone of the repository.

# %%
# %reload_ext lecture.notebook

# %% [markdown]
# ## Part 3 – Building Applications With Twisted

# %% [markdown]
# So far every program had the same last line, and most ran until you pressed Ctrl-C. That is fine for a talk.
# In real life an administrator wants the program to start at boot, as another user, with a log that doesn't
# fill the disk, and to stop without losing what it knows.
#
# You can write all that yourself, and most of us have, more than once, each time a little wrong. This part is
# about not doing it again: your program describes itself, and a runner does the rest.
#
# There are three things to describe: what the program consists of, what it reports, and how to start it. None
# of them changes a single line of your protocols.

# %% [markdown] tags=["question"]
# <details><summary><b>Who has written a daemon? Who has written the same one twice?</b></summary>
#
# A daemon forks, starts a session of its own, forks again, changes directory, closes what it inherited,
# writes its number down, and is wrong in one of these. Once is an education. Twice is a reason for this part.
#
# </details>

# %% [markdown]
# ## Applications
#
# - The reactor is an event loop; the application is your program
# - Configuration, services, persistence
# - Like the reactor it can `listenTCP`, `connectTCP` and so on: when it is started
# - A runner starts it, or a test, or the program itself

# %% [markdown]
# `reactor.listenTCP` listens, there and then. `application.listenTCP` makes a note that the application will
# listen once it is started. That is all the difference, and everything in this part follows from it.
#
# Look at the session. Importing the file runs its lines, and no port is opened. Started as a program, the
# same file listens. So a test can take the application apart, a runner can start it as a daemon, and you can
# try it at your desk, all with one file.
#
# It starts as a whole or not at all. If the second of two ports is taken, the application closes the first
# one again, and you get one line that names the port, instead of half a server.
#
# In today's Twisted an application has only the services of the next slide. Methods like `listenTCP` are
# those of 2003: they are shorter, and make such services for you.

# %% [markdown]
# The slide shows `application` in `16_application/greeter.py`:

# %% active="ipynb"
# %%program 16_application/greeter.py
# """A server as an application: it says what it is made of, and starts later."""
#
# from reactor import app, protocol
#
#
# class Greeter(protocol.Protocol):
#     def connectionMade(self):
#         self.transport.write(b"good morning\n")
#         self.transport.loseConnection()
#
#
# # [application]
# factory = protocol.ServerFactory.forProtocol(Greeter)
#
# application = app.Application("greeter")
# application.listenTCP(7801, factory)
# print("nobody listens yet")
#
# if __name__ == "__main__":
#     application.run()
# # [/application]

# %% active="ipynb"
# %%session 16_application
# # An application doesn't listen until it is started.
# # needs: curl
# # not on Twisted: its applications listen by services only, and are started by twistd
# $ python -c "import greeter"
# $ curl -sS telnet://localhost:7801 </dev/null
# $ python greeter.py &
# $ curl -sS telnet://localhost:7801 </dev/null
# $ kill %1

# %% [markdown] tags=["question"]
# <details><summary><b>What happens in your programs when you import them?</b></summary>
#
# If the answer is anything but definitions, then no test can import them, and no runner. This one makes a few
# objects, and opens no port.
#
# As 16\_application printed:
#
# ```
# nobody listens yet
# ```
#
# </details>

# %% [markdown]
# ## Services
#
# - Parts of an application that are started and stopped
# - A service encapsulates “business logic”: authentication, mail storage, who is logged in
# - What belongs to no protocol, because it should work with all of them
# - Services can be made of services

# %% [markdown]
# A protocol lives as long as its connection, a factory as long as its port. Where do the users' mail boxes
# live? With the program. And two protocols may want them, one to bring mail and one to fetch it.
#
# So the mail boxes get a place of their own: a service, with a name, a parent, and two methods, one to start
# and one to stop. A protocol that wants the mail boxes asks for them by name.
#
# Services start in the order in which they were added, and stop in the opposite order. The cellar is open
# before the till, and when the till closes, the cellar is still there. So a service can rely on those before
# it, at its start and at its end.
#
# Stopping may take time. A service that has something to finish returns a Deferred from `stopService`, and
# the reactor doesn't stop before that Deferred has fired.

# %% [markdown]
# The slide shows `house` in `17_services/house.py`:

# %% active="ipynb"
# %%program 17_services/house.py
# """Services in services: a house that is opened from the ground up, and closed from the roof down."""
#
# from reactor import reactor
# from reactor.application import service
#
#
# class Noting(service.Service):
#     def __init__(self, name, parent):
#         self.setName(name)
#         self.setServiceParent(parent)
#
#     def startService(self):
#         super().startService()
#         print(self.name, "is open")
#
#     def stopService(self):
#         super().stopService()
#         print(self.name, "is closed")
#
#
# # [house]
# house = service.MultiService()
# cellar = Noting("cellar", house)
# shop = service.MultiService()
# shop.setServiceParent(house)
# till = Noting("till", shop)
# door = Noting("door", shop)
#
# house.startService()
# print("the till is", shop.getServiceNamed("till") is till and "found")
# reactor.addSystemEventTrigger("before", "shutdown", house.stopService)
# # [/house]
# reactor.callWhenRunning(reactor.stop)
# reactor.run()

# %% active="ipynb"
# %%session 17_services
# # Services start in their order, and stop in the opposite one.
# $ python house.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The house is opened, and nobody closes it</summary>
#
# The reactor stops, and knows nothing of services: not one of them is told.
#
# `17_services/wrong/nobody_stops_it/house.py`:
#
# ```diff
#   house.startService()
#   print("the till is", shop.getServiceNamed("till") is till and "found")
# - reactor.addSystemEventTrigger("before", "shutdown", house.stopService)
#   reactor.callWhenRunning(reactor.stop)
#   reactor.run()
# ```
#
# ```console
# $ python house.py
# cellar is open
# till is open
# door is open
# the till is found
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>In your program, what has to stop before what?</b></summary>
#
# What lets people in stops before what serves them, and that before what stores their things: the order of
# the start, backwards.
#
# As 17\_services printed:
#
# ```
# door is closed
# till is closed
# cellar is closed
# ```
#
# </details>

# %% [markdown]
# ## Services 2

# %% [markdown]
# Two doors, one count. The protocol asks the application for the service by name, and calls a method that
# knows nothing of bytes. That method is the part to test first, and you need no network for it.
#
# `keeps` is the persistence that the slide on applications promised. In 2003 the whole application was
# pickled when it stopped: every object, your bugs, and the references between them. It worked until you
# changed a class. Here a service names the attributes that are worth keeping, and the application writes them
# to a file that you can read, all of them or none. At its second start, the program in the session goes on
# from two.
#
# If that file is damaged, the application tells you, and puts it aside instead of overwriting it. A value
# that doesn't fit into JSON is refused, with the name of its service, while the old file is still there.
#
# For data that a power cut mustn't lose, use a database. This is for the rest.

# %% [markdown]
# The slide shows `Visits` in `18_visits/visits.py`:

# %% active="ipynb"
# %%program 18_visits/visits.py
# """A service that counts visits, through whichever door they come, and remembers them."""
#
# from reactor import app, protocol
#
#
# class Visits(app.ApplicationService):
#     keeps = ("count",)  # this outlives the program
#     count = 0
#
#     def startService(self):
#         super().startService()
#         print("until now:", self.count)
#
#     def stopService(self):
#         super().stopService()
#         print("closing after", self.count)
#
#     def another(self):  # business logic!
#         self.count += 1
#         return self.count
#
#
# class Door(protocol.Protocol):
#     def connectionMade(self):
#         number = application.getServiceNamed("visits").another()
#         self.transport.write(f"you are number {number}\n".encode())
#         self.transport.loseConnection()
#
#
# # [application]
# application = app.Application("museum")
# visits = Visits("visits", application)
# assert application.getServiceNamed("visits") is visits
# factory = protocol.ServerFactory.forProtocol(Door)
# application.listenTCP(7802, factory)  # front door
# application.listenTCP(7803, factory)  # back door
#
# if __name__ == "__main__":
#     application.run(save=1)
# # [/application]

# %% [markdown]
# The slide shows `application` in `18_visits/visits.py`, whose cell is just above:
#
# ```python
# application = app.Application("museum")
# visits = Visits("visits", application)
# assert application.getServiceNamed("visits") is visits
# factory = protocol.ServerFactory.forProtocol(Door)
# application.listenTCP(7802, factory)  # front door
# application.listenTCP(7803, factory)  # back door
#
# if __name__ == "__main__":
#     application.run(save=1)
# ```

# %% active="ipynb"
# %%session 18_visits
# # What a service declares is saved at a clean stop, and is there at the next start.
# # needs: curl
# # not on Twisted: there a service's constructor doesn't put it into an application, and state was pickled
# $ python visits.py &
# $ curl -sS telnet://localhost:7802 </dev/null
# $ curl -sS telnet://localhost:7803 </dev/null
# $ kill %1
# $ python visits.py &
# $ curl -sS telnet://localhost:7802 </dev/null
# $ kill %2
# $ cat museum.state.json

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: Nothing is declared to be kept</summary>
#
# The museum remembers nothing: the third visitor is number 1.
#
# `18_visits/wrong/not_kept/visits.py`:
#
# ```diff
#   class Visits(app.ApplicationService):
# -     keeps = ("count",)  # this outlives the program
#       count = 0
#
#       def startService(self):
# ```
#
# ```console
# $ python visits.py &
# until now: 0
# closing after 2
# $ curl -sS telnet://localhost:7802 </dev/null
# you are number 1
# $ curl -sS telnet://localhost:7803 </dev/null
# you are number 2
# $ kill %1
# $ python visits.py &
# until now: 0
# closing after 1
# $ curl -sS telnet://localhost:7802 </dev/null
# you are number 1
# $ kill %2
# $ cat museum.state.json
# cat: museum.state.json: No such file or directory
# [exit 1]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Which attributes of your largest object are worth keeping?</b></summary>
#
# Those that the program can't find out again: usually two, of twenty. Here it is one number.
#
# As 18\_visits printed:
#
# ```
# "count": 3
# ```
#
# </details>

# %% [markdown]
# ## Logging
#
# - The program says what has happened; observers decide where it goes
# - A file that rotates, syslog, the journal, lines of JSON: all of these are observers
# - By default only errors are shown, on standard error

# %% [markdown]
# `print` is a log, too, until two people want to read it, or nobody sits at the terminal. The trouble is that
# it decides two things at once: what to say, and to whom.
#
# `log.msg` decides only what to say. Every observer gets the message as a dictionary: the words, the time,
# who speaks, and whatever you have added by name. `startLogging` adds an observer that writes lines to a
# file. The list's `append` is an observer as well, and in a test it's the best of all.
#
# An observer that raises an error doesn't hurt your program: the log puts it aside and tells the other
# observers. Logging must never be the reason why a program fails.
#
# Python has had its own `logging` since 2003, the year of this talk. There is a bridge between the two, in
# both directions, so use what your libraries use.

# %% [markdown]
# The slide shows `log` in `19_log/diary.py`:

# %% active="ipynb"
# %%program 19_log/diary.py
# """Messages that nobody asked for, and a file for those who want them."""
#
# from reactor import log
#
# # [log]
# # by default only errors are logged, to stderr
# log.msg("this is said to nobody")
#
# logFile = open("log.txt", "a")
# log.startLogging(logFile, setStdout=False)
# log.msg("Something has occurred", system="diary")
# log.callWithContext({"system": "kitchen"}, log.msg, "soup is ready")
#
# seen: list[dict] = []
# log.addObserver(seen.append)
# log.msg("anybody may watch", mood="good")
# print(seen[0]["message"], seen[0]["mood"])
# # [/log]

# %% active="ipynb"
# %%session 19_log
# # A message is an event; where it goes is decided elsewhere.
# $ python diary.py
# $ cat log.txt

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The observer comes after the event</summary>
#
# The log keeps nothing for those who come later: what was said before, they have not seen.
#
# `19_log/wrong/too_late/diary.py`:
#
# ```diff
#   log.callWithContext({"system": "kitchen"}, log.msg, "soup is ready")
#
#   seen: list[dict] = []
# + log.msg("anybody may watch", mood="good")
#   log.addObserver(seen.append)
# - log.msg("anybody may watch", mood="good")
#   print(seen[0]["message"], seen[0]["mood"])
# ```
#
# ```console
# $ python diary.py
# Traceback (most recent call last):
# [..]
# IndexError: list index out of range
# [exit 1]
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>What does your program say that nobody has ever read?</b></summary>
#
# Most of it, probably. That is fine, as long as the line is there on the day when somebody looks, and a test
# can look every day: here the list that observes is read in the next line.
#
# As 19\_log printed:
#
# ```
# ('anybody may watch',) good
# ```
#
# </details>

# %% [markdown]
# ## Logging Errors
#
# - An error without a handler should be seen, and shouldn't stop the rest
# - `log.err`: with a Failure, in an `except` block, at the end of a chain of Deferreds

# %% [markdown]
# The slide shows three ways into the log: an error that you made yourself; the one that an `except` block
# handles, which you need not name; and a failure that comes down a chain of Deferreds, where `log.err` is
# simply the last errback. In 2003 there was `deferr` for the last two; it still works.
#
# Why log an error? Because the alternative is `except: pass`, or a program that ends. A server with a
# thousand guests should do neither. It logs the error, gives up on this one guest, and goes on. The reactor
# does that for you when a handler raises; do the same where you catch an error yourself.
#
# The second argument is worth the effort. "Division by zero" tells you what happened to the computer; "while
# it was salted" tells you what happened to the cook.
#
# Run the program under the debugger, and it stops at every such error, with all variables to look at. That's
# a good reason to log errors instead of printing them.

# %% [markdown]
# The slide shows `errors` in `20_log_errors/errors.py`:

# %% active="ipynb"
# %%program 20_log_errors/errors.py
# """Errors for the log: made by hand, caught, or on their way through a Deferred."""
#
# from reactor import defer, failure, log
#
#
# def doSomethingElse():
#     raise KeyError("salt")
#
#
# def kitchen():
#     # [errors]
#     e = ValueError("ONO")
#     log.err(failure.Failure(e))
#
#     try:
#         doSomethingElse()
#     except KeyError:
#         log.err(None, "while the soup was cooked")  # the one being handled
#
#     soup = defer.Deferred()
#     soup.addCallback(lambda salt: 1 / salt)
#     soup.addErrback(log.err, "while it was salted")
#     soup.callback(0)
#     print("dinner is served")
#     # [/errors]
#
#
# kitchen()

# %% active="ipynb"
# %%session 20_log_errors
# # The program goes on; the log has the errors, and where they came from.
# $ python errors.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: The last errback is missing</summary>
#
# The failure is told when the Deferred is freed, after dinner, and without a word about what we were doing.
#
# `20_log_errors/wrong/unhandled/errors.py`:
#
# ```diff
#       soup = defer.Deferred()
#       soup.addCallback(lambda salt: 1 / salt)
# -     soup.addErrback(log.err, "while it was salted")
#       soup.callback(0)
#       print("dinner is served")
# ```
#
# ```console
# $ python errors.py
# Unhandled Error
# [..]
# while the soup was cooked
# [..]
# [..]KeyError: 'salt'
# [..]
# dinner is served
# Unhandled error in Deferred[..]
# [..]
# [..]ZeroDivisionError: division by zero
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>Where does your program say <code>except: pass</code>?</b></summary>
#
# Wherever somebody wanted it to go on. This program goes on as well, after three errors, and every one of
# them is in the log.
#
# As 20\_log\_errors printed:
#
# ```
# ZeroDivisionError: division by zero
# [..]
# dinner is served
# ```
#
# </details>

# %% [markdown]
# ## twistd – Application Runner
#
# - Twisted's is called `twistd`, ours `reactord`: one way to start any application
# - What runs is configuration; where and how it runs is deployment
# - `-y FILE`: a program; `-c FILE`: a TOML file; or the name of a plugin

# %% [markdown]
# Look at what isn't in the program: no fork, no log file, no signal, no user, and no `run`. The program says
# what it is. The runner takes the object named `application` from the file, and does the rest.
#
# The command returns when the server listens, and not before. If the server can't listen, your terminal shows
# one line that says why, and the exit status isn't zero, so a script can rely on it. After that the server
# has no terminal any more. It has a process number, in a file, and `kill` is how you talk to it.
#
# So two people can work on it. One writes the program, and never asks as which user it will run. The other
# runs it, and never reads Python. Both are grateful. Which of the two are you, and which one wrote your start
# script?
#
# `twistd` runs this program as well, and it prints the same; `make twisted` tries that.

# %% [markdown]
# The slide shows `quotes` in `21_runner/quotes.py`:

# %% active="ipynb"
# %%program 21_runner/quotes.py
# """A quote for every client; how it is run, the program doesn't say."""
#
# from reactor import protocol
# from reactor.application import internet, service
#
#
# # [quotes]
# class Quote(protocol.Protocol):
#     def connectionMade(self):
#         self.transport.write(b"An apple a day keeps the doctor away.\n")
#         self.transport.loseConnection()
#
#
# factory = protocol.ServerFactory.forProtocol(Quote)
#
# application = service.Application("quotes")
# quotes = internet.TCPServer(7804, factory)
# quotes.setServiceParent(application)
# # [/quotes]

# %% active="ipynb"
# %%session 21_runner
# # One command runs any application: here as a daemon, which leaves its process number in a file.
# # needs: curl
# $ reactord -y quotes.py
# $ curl -sS telnet://localhost:7804 </dev/null
# $ kill `cat reactord.pid`
# $ curl -sS telnet://localhost:7804 </dev/null

# %% [markdown] tags=["question"]
# <details><summary><b>The command has returned. May the next line of your script rely on the server?</b></summary>
#
# Yes: it returns when the server listens, and not before. In the session the very next line is a client.
#
# As 21\_runner printed:
#
# ```
# An apple a day keeps the doctor away.
# ```
#
# </details>

# %% [markdown]
# ## twistd Features
#
# - A daemon with a pid file, or in the foreground; no second start
# - Logs to a file that rotates, to syslog, to the journal, or as lines of JSON
# - Any reactor; under the debugger; with a profile
# - As another user, in another root, once the ports are bound; with systemd, too
# - Plugins: `reactord web --port 8080 --path /srv`

# %% [markdown]
# A program shouldn't have to know about any of these. In 2003 the last line of this slide said "Future: WinNT
# Services". The future has been and gone; there's a shim for it. On Linux, systemd now does half of what the
# slide lists, and wants to be told when the program is ready. The runner tells it.
#
# A plugin is a service with its options, and a name under which the runner finds it, because the package that
# brings it registers that name. The plugin declares its options once; you can then give them on the command
# line, or in a file like this one.
#
# Look at what goes wrong in the session; it's on purpose. A second start is told which process is in the way.
# For a mistyped name the runner suggests one that exists. An error message that helps takes ten minutes to
# write, and somebody will read it at three in the morning.

# %% [markdown]
# The slide shows `22_features/site.toml`:

# %% active="ipynb"
# %%program 22_features/site.toml
# [web]                   # what to run
# port = 7805
# path = "pages"
#
# [reactord]              # and how
# reactor = "poll"
# logfile = "site.log"
# pidfile = "site.pid"

# %% [markdown]
# The session below needs `22_features/pages/hello.txt` too:

# %% active="ipynb"
# %%program 22_features/pages/hello.txt
# Every word of this was served by a plugin.

# %% active="ipynb"
# %%session 22_features
# # A file says what to run, and how; the runner tells an administrator what is wrong with a command.
# # needs: curl, h11
# # not on Twisted: its runner has no configuration files
# $ reactord -c site.toml
# $ curl -sS http://localhost:7805/hello.txt
# $ reactord -c site.toml
# $ kill `cat site.pid`
# $ reactord wbe

# %% [markdown] tags=["question"]
# <details><summary><b>What is the least helpful message that you have ever seen? Who wrote it?</b></summary>
#
# “Error”, in a box with the button “OK”, is hard to beat. As to the second question, look into your own
# repository first. A message that helps names what it saw, and what you may have meant.
#
# As 22\_features printed:
#
# ```
# reactord: there is no plugin 'wbe', did you mean 'web'?
# ```
#
# </details>

# %% [markdown]
# ## Making a runnable application
#
# - A Python file that defines `application`: that is all
# - A whole web server, and no daemon in it, no log, no user

# %% [markdown]
# This is the program of 2003, nearly to the letter: a site that serves a folder, on port 8080. The folder was
# `/var/www` then. Now it is one beside the program, so that you need no administrator to try it.
#
# The runner wants the name `application`, at the top level, and nothing else. The last two lines are for you:
# start the file as a program, and it runs in the foreground, without any runner. The runner imports the file,
# so its name isn't `__main__`, and the two lines do nothing.
#
# `Site` is a factory like all others, and its protocol is HTTP. So everything you know holds: it can listen
# at a UNIX socket, with TLS, or both at once. `File` is a resource that stands for files; the guide to an
# HTTP API, in `docs/guides`, has more about the web.

# %% [markdown]
# The slide shows `web` in `23_web/web.py`:

# %% active="ipynb"
# %%program 23_web/web.py
# """A web server as it was on the slide of 2003."""
#
# # [web]
# # this is web.py
# from reactor import app
# from reactor.web import server, static
#
# application = app.Application("web")
# site = server.Site(static.File("www"))
# application.listenTCP(8080, site)
#
# if __name__ == "__main__":
#     application.run()
# # [/web]

# %% [markdown] tags=["question"]
# <details><summary><b>Where would you put the port number, if it is different on every machine?</b></summary>
#
# Outside of the program: on the command line, or in a file of settings, which belongs to the administrator. A
# slide in part 4 makes a value of it, and the same server listens where it is told.
#
# As 47\_endpoints printed:
#
# ```
# serving at tcp:7792:interface=127.0.0.1
# serving at unix:door
# ```
#
# </details>

# %% [markdown]
# ## Running twistd
#
# - Start it, look at it, kill it

# %% [markdown]
# One line starts a web server, one ends it, and the rest shows that it's true. In 2003 the browser in the
# second line was `lynx`.
#
# Follow the log from top to bottom. The server runs, with a process number and a reactor. A client came, and
# got nineteen bytes. Then the server got a signal, and here it differs from a program that just dies: it
# stops its services, the last one first, saves what is worth keeping, writes a last line to the log, and
# removes the pid file.
#
# Kill it with -9, and none of that happens. It starts again all the same: a pid file counts only while a
# living process holds the lock on it, and the state file is either the old one or the new one.
#
# You have a network program that you can hand over to an administrator. One promise is left: that it closes
# in good order.

# %% [markdown]
# The session below needs `23_web/www/index.html` too:

# %% active="ipynb"
# %%program 23_web/www/index.html
# <h1>It works!</h1>

# %% active="ipynb"
# %%session 23_web
# # A web site, from its start to the kill.
# # needs: curl, h11
# # not on Twisted: its applications listen by services only
# $ reactord -y web.py
# $ curl -sS http://localhost:8080
# $ kill `cat reactord.pid`
# $ curl -sS http://localhost:8080
# $ cat reactord.log

# %% [markdown] tags=["question"]
# <details><summary><b>In your program, what has to happen between the signal and the end? And how long may it take?</b></summary>
#
# Take no new work, finish what was accepted, save, and go; and whoever sent the signal will send a harder one
# after some ten seconds, so know what you leave out. The log shows it: the signal came, and the web site
# stopped before the program did.
#
# As 23\_web printed:
#
# ```
# [..] [-] received SIGTERM, stopping
# [..]
# ```
#
# </details>

# %% [markdown]
# ## Last Orders, Please
#
# - A clean stop: take nothing new, finish what you have accepted, then go
# - `addSystemEventTrigger`: be called when the reactor is told to stop, before it does
# - It may return a Deferred, and the reactor waits for it

# %% [markdown]
# Each time that you deploy, your server is told to stop, and somebody's order is on the stove. If the process
# just ends, that guest has paid for a reset connection.
#
# `reactor.stop()`, Ctrl-C and `kill` all lead to the same place: before it goes, the reactor calls those who
# asked to be told. The restaurant does three things then. It closes its port, so that new guests go to the
# next restaurant. It tells those at the tables, and refuses further orders in words. And it returns a
# Deferred, which fires when the last table is empty.
#
# Look at the session from the guest's side: soup was ordered, the end announced, cake refused, soup served,
# and the connection closed politely. In a service, `stopService` is the place for this; it returns the same
# kind of Deferred.
#
# Give it a limit. A guest who never leaves keeps the house open, and whoever sent the signal will lose
# patience: `addTimeout` on that Deferred, of some seconds less than theirs.

# %% [markdown]
# The slide shows `Restaurant.last_orders` in `23b_last_orders/server.py`:

# %% active="ipynb"
# %%program 23b_last_orders/server.py
# """A restaurant that closes in good order: what was accepted is served, nothing new is accepted."""
#
# from reactor import reactor
# from reactor.defer import Deferred
# from reactor.protocol import ServerFactory
# from reactor.protocols.basic import LineReceiver
#
#
# class Table(LineReceiver):
#     waits_for = 0  # dishes
#
#     def connectionMade(self):
#         self.factory.tables.append(self)
#
#     def lineReceived(self, order):
#         if order == b"close":  # as Ctrl-C and `kill` do
#             reactor.stop()
#         elif self.factory.is_closing:
#             self.sendLine(b"no %s any more" % order)
#         else:
#             self.waits_for += 1
#             reactor.callLater(0.3, self.serve, order)
#
#     def serve(self, dish):
#         self.waits_for -= 1
#         self.sendLine(b"here is the " + dish)
#         self.leave_if_done()
#
#     def leave_if_done(self):
#         if self.factory.is_closing and not self.waits_for:
#             self.transport.loseConnection()
#
#     def connectionLost(self, reason):
#         self.factory.tables.remove(self)
#         self.factory.go_home_if_empty()
#
#
# class Restaurant(ServerFactory):
#     protocol = Table
#     is_closing = False
#
#     def __init__(self):
#         self.tables = []
#         self.closed = Deferred()
#
#     def last_orders(self):
#         print("told to stop; tables:", len(self.tables))
#         port.stopListening()
#         self.is_closing = True
#         for table in self.tables:
#             table.sendLine(b"last orders, please")
#             table.leave_if_done()
#         self.go_home_if_empty()
#         return self.closed  # the reactor stops when it has fired
#
#     def go_home_if_empty(self):
#         if self.is_closing and not self.tables:
#             self.closed.callback(None)
#
#
# restaurant = Restaurant()
# port = reactor.listenTCP(7809, restaurant)
# reactor.addSystemEventTrigger("before", "shutdown", restaurant.last_orders)
# print("listening on port 7809")
# reactor.run()
# print("closed; tables:", len(restaurant.tables))

# %% [markdown]
# The slide shows `Table.leave_if_done` in `23b_last_orders/server.py`, whose cell is just above:
#
# ```python
# def leave_if_done(self):
#     if self.factory.is_closing and not self.waits_for:
#         self.transport.loseConnection()
# ```

# %% [markdown]
# The slide shows `Restaurant.go_home_if_empty` in `23b_last_orders/server.py`, whose cell is just above:
#
# ```python
# def go_home_if_empty(self):
#     if self.is_closing and not self.tables:
#         self.closed.callback(None)
# ```

# %% [markdown]
# The slide shows `Guest` in `09b_half_close/client.py`:

# %% active="ipynb"
# %%program 09b_half_close/client.py
# """A guest who says what there was, then that this was all, and waits for the bill."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory
# from reactor.protocols.basic import LineReceiver
#
#
# class Guest(LineReceiver):
#     def connectionMade(self):
#         for price in (b"7", b"7", b"28"):
#             self.sendLine(price)
#         self.transport.loseWriteConnection()
#
#     def lineReceived(self, line):
#         print("the bill:", line.decode())
#
#     def connectionLost(self, reason):
#         reactor.stop()
#
#
# class Visit(ClientFactory):
#     protocol = Guest
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7806, Visit())
# reactor.run()

# %% [markdown]
# The slide shows `Guest` in `23b_last_orders/client.py`:

# %% active="ipynb"
# %%program 23b_last_orders/client.py
# """A guest who has ordered when the restaurant closes, and tries to order once more."""
#
# from reactor import reactor
# from reactor.protocol import ClientFactory
# from reactor.protocols.basic import LineReceiver
#
#
# class Guest(LineReceiver):
#     def connectionMade(self):
#         self.sendLine(b"soup")
#         self.sendLine(b"close")
#
#     def lineReceived(self, line):
#         print(line.decode())
#         if line.startswith(b"last orders"):
#             self.sendLine(b"cake")
#
#     def connectionLost(self, reason):
#         print("good night:", reason.type.__name__)
#         reactor.stop()
#
#
# class Visit(ClientFactory):
#     protocol = Guest
#
#     def clientConnectionFailed(self, connector, reason):
#         print("nobody there:", reason.type.__name__)
#         reactor.stop()
#
#
# reactor.connectTCP("127.0.0.1", 7809, Visit())
# reactor.run()

# %% active="ipynb"
# %%session 23b_last_orders
# # An accepted order is served, a later one is refused, and then the server goes.
# $ python server.py &
# $ python client.py

# %% [markdown] tags=["wrong"]
# <details>
# <summary>Wrong: stop() is taken for a clean end</summary>
#
# The order was accepted, the guest has waited for it, and finds herself in the street.
#
# `23b_last_orders/wrong/just_stops/server.py`:
#
# ```diff
#   restaurant = Restaurant()
#   port = reactor.listenTCP(7809, restaurant)
# - reactor.addSystemEventTrigger("before", "shutdown", restaurant.last_orders)
#   print("listening on port 7809")
#   reactor.run()
#   print("closed; tables:", len(restaurant.tables))
# ```
#
# ```console
# $ python server.py &
# listening on port 7809
# closed; tables: 0
# $ python client.py
# good night: ConnectionDone
# ```
#
# </details>

# %% [markdown] tags=["question"]
# <details><summary><b>The restaurant waits until the last connection is lost. Why not stop right after the last <code>sendLine</code>?</b></summary>
#
# Because *written* is not *sent*. What the kernel has not taken yet is in our memory, and goes with the
# process. `loseConnection` sends it first, and `connectionLost` says when that is done.
#
# As 23b\_last\_orders printed:
#
# ```
# no cake any more
# here is the soup
# good night: ConnectionDone
# ```
#
# </details>
