"""Post an article: post.py SUBJECT."""

import sys

from reactor import task
from reactor.endpoints import TCP4ClientEndpoint, connectProtocol
from reactor.news.nntp import NNTPClient, NNTPError


async def post(reactor, subject):
    server = TCP4ClientEndpoint(reactor, "127.0.0.1", 7830)
    client = await connectProtocol(server, NNTPClient())
    lines = [
        "From: Ann <ann@a.example>",
        "Newsgroups: doom.kitchen",
        f"Subject: {subject}",
        "",
        "Taste it.",
        "",
    ]
    try:
        reply = await client.postArticle("\r\n".join(lines).encode())
        print(reply.code, reply.text.decode())
    except NNTPError as problem:
        print(problem)


task.react(post, sys.argv[1:])
