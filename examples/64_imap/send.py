"""Send Ann two letters."""

from reactor import task
from reactor.mail.smtp import sendmail

BOB, ANN = "bob@kitchen.example", "ann@kitchen.example"
LETTERS = [b"Subject: soup\n\nIt is ready.\n", b"Subject: oysters\n\nThere are no more.\n"]


async def send(reactor):
    for letter in LETTERS:
        await sendmail("127.0.0.1", BOB, [ANN], letter, port=7816)
        print("sent", letter.split(b"\n")[0].decode())


task.react(send)
