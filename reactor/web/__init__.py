"""HTTP: sites that serve resources and files, clients, WebSocket and server-sent events.

    from reactor import reactor
    from reactor.web.server import Site
    from reactor.web.static import File

    reactor.listenTCP(8080, Site(File("/var/www")))
    reactor.run()

Names are twisted.web's. This needs more than the standard library: `pip install tutorial-of-doom[web]`.
The way of a request: `channel` has the connection, `reading` turns bytes into a request, `server` finds its resource,
`resource` is what you write, `request` holds the answer, and `writing` turns that into bytes.
"""
