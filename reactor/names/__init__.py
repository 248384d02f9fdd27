"""Names: DNS as wire format, as client, as cache, and as server.

    from reactor.names import client
    client.lookupMailExchange("example.org").addCallback(print)

Names are twisted.names'. From the bottom up: `dns` turns bytes into messages and back, and speaks over UDP and TCP.
Everything that can be asked is one kind of thing, a resolver (`common.ResolverBase`): `client` asks a name server,
`root` goes from server to server, `hosts` reads /etc/hosts, `cache` remembers, `authority` and `secondary` have zones
of their own, `resolve` asks one after the other. `server` answers others with them.
"""
