"""The server's side of IMAP: a session, and what each command does.

states              the table: which command may come when, its arguments, and the function that does it
conversation        commands and literals in, responses out, one after the other
protocol            IMAP4Server: who is logged in, which mailbox is open; IMAP4Factory
session_commands, mailbox_commands, message_commands      what the commands do
selected            a mailbox as one session sees it
fetch, search       what these two ask for
structure           the parts of a message by byte range
"""
