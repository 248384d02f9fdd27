"""References are true."""

from reactor import task
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.news.nntp import NNTPClient


def threads(articles):
    """Pairs of a depth and a subject, in the order in which they are shown.

    articles: (id, subject, ids of its References) of each article, in the order of their numbers.
    """
    there = {id for id, _, _ in articles}
    answered = {}
    for id, _, references in articles:
        known = [reference for reference in references if reference in there]
        if known:
            answered[id] = known[-1]
    below = {}
    for id, subject, _ in articles:
        below.setdefault(answered.get(id), []).append((id, subject))
    return shown(below, None, 0)


def shown(below, one, depth):
    for id, subject in below.get(one, []):
        yield depth, subject
        yield from shown(below, id, depth + 1)


async def read(reactor):
    client = await connectProtocol(HostnameEndpoint(reactor, "theirs", 119), NNTPClient())
    group = await client.fetchGroup("doom.kitchen")
    overview = await client.fetchOverview(group.low, group.high)
    articles = [(it["Message-ID"], it["Subject"], it["References"].split()) for _, it in overview]
    for depth, subject in threads(articles):
        print("  " * depth + subject)
    await client.quit()


task.react(read)
