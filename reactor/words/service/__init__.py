"""The service of words: `rooms`, people, `rules`, the `realm`, and IRC's door. The names of `twisted.words.service`.

irc_session        what comes from one person, and what goes to them: bounds, capabilities, tags
irc_registration   how they come in
irc_rooms          what they do in rooms; irc_modes: how they settle what may be done there
irc_people         what they ask about others: IRCUser has it all, and IRCFactory makes it
"""

from reactor.words.service.irc_people import IRCFactory, IRCUser
from reactor.words.service.realm import InMemoryWordsRealm, WordsRealm
from reactor.words.service.rooms import Group, User

__all__ = ["Group", "IRCFactory", "IRCUser", "InMemoryWordsRealm", "User", "WordsRealm"]
