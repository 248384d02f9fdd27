"""Prints the articles of a group, each below the one that it answers."""

from reactor import task
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.news.nntp import NNTPClient


def threads(articles):
    """Pairs of a depth and a subject, in the order in which they are shown.

    articles: (id, subject, ids of its References) of each article, in the order of their numbers.
    """
    return [(0, subject) for _, subject, _ in articles]  # TODO: who answers whom?


async def read(reactor):
    client = await connectProtocol(HostnameEndpoint(reactor, "theirs", 119), NNTPClient())
    group = await client.fetchGroup("doom.kitchen")
    overview = await client.fetchOverview(group.low, group.high)
    articles = [(it["Message-ID"], it["Subject"], it["References"].split()) for _, it in overview]
    for depth, subject in threads(articles):
        print("  " * depth + subject)
    await client.quit()


task.react(read)
