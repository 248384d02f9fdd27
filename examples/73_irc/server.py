"""A room with a door for IRC."""

from reactor import reactor
from reactor.words.service import InMemoryWordsRealm, IRCFactory

rooms = InMemoryWordsRealm("doom.test")
rooms.createGroup("doom")
reactor.listenTCP(7874, IRCFactory(rooms))
print("rooms at port 7874")
reactor.run()
