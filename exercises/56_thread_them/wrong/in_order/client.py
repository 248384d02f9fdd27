"""What is answered came before its answer."""

from reactor import task
from reactor.endpoints import HostnameEndpoint, connectProtocol
from reactor.news.nntp import NNTPClient


def threads(articles):
    """Pairs of a depth and a subject, in the order in which they are shown.

    articles: (id, subject, ids of its References) of each article, in the order of their numbers.
    """
    there = set()
    answered = {}
    for id, _, references in articles:
        known = [reference for reference in references if reference in there]
        if known and not stands_below(answered, known[-1], id):
            answered[id] = known[-1]
        there.add(id)
    below = {}
    for id, subject, _ in articles:
        below.setdefault(answered.get(id), []).append((id, subject))
    return shown(below, None, 0)


def stands_below(answered, one, other):
    while one is not None and one != other:
        one = answered.get(one)
    return one == other


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
