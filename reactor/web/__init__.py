"""HTTP: sites that serve resources and files, clients, WebSocket and server-sent events.

    from reactor import reactor
    from reactor.web.server import Site
    from reactor.web.static import File

    reactor.listenTCP(8080, Site(File("/var/www")))
    reactor.run()

Names are twisted.web's. This needs more than the standard library: `pip install tutorial-of-doom[web]`.
How a request goes: `channel` has the connection, `reading` makes a request of bytes, `server` finds the resource for
it, `resource` is what you write, `request` has the answer, and `writing` makes bytes of it.
"""
