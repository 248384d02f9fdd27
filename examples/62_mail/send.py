"""Send a letter with a dot in it to everybody on the command line."""

import sys

from reactor import task
from reactor.mail.smtp import sendmail

ME = "ann@home.example"
LETTER = b"Subject: oysters\n\n.\nThat was the dot.\n"


async def send(reactor, *users):
    sent, answers = await sendmail("127.0.0.1", ME, users, LETTER, port=7813)
    print(sent, "of", len(users))
    for user, code, text in answers:
        print(user.decode(), code, text.decode())


task.react(send, sys.argv[1:])
