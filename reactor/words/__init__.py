"""Rooms and people, and the doors to them. The names of `twisted.words`.

service     people (User), rooms (Group), and the realm that has them; IRC's door, whose protocol is `protocols.irc`
iwords      what doors, people and rooms promise each other
ewords      what can go wrong
"""
