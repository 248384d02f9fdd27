"""A group in which everybody may read and post."""

from reactor import reactor
from reactor.news.database import NewsDatabase
from reactor.news.news import NNTPFactory

# [serve]
store = NewsDatabase()
store.addGroup("doom.kitchen", "what is cooked")
reactor.listenTCP(7819, NNTPFactory(store))
# [/serve]
print("listening on port 7819")
reactor.run()
