"""The client's side of IMAP.

responses           what a server says, as values
commands            a command: which data answer it, and when it may be sent
pipeline            commands on their way, responses to the ones that asked
session             from the greeting to the login
protocol, methods   IMAP4Client: a method for each command
queries             what to search for
"""
