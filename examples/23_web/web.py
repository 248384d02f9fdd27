"""A web server as it was on the slide of 2003."""

# [web]
# this is web.py
from reactor import app
from reactor.web import server, static

application = app.Application("web")
site = server.Site(static.File("www"))
application.listenTCP(8080, site)

if __name__ == "__main__":
    application.run()
# [/web]
