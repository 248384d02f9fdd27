"""A proxy that goes to the kitchen for its guests, and nowhere else on this machine."""

from reactor import reactor
from reactor.protocols.socks import Rules, SOCKSFactory, SOCKSProtocol


class Errand(SOCKSProtocol):
    def account(self, reason):
        wanted, came = self.request, self.otherConn.carried if self.otherConn else 0
        print(f"SOCKS {wanted.version} to {wanted.host}:{wanted.port}: {came} bytes")
        return super().account(reason)


# [proxy]
proxy = SOCKSFactory(Rules(allow=["127.0.0.1:7795"]))
proxy.protocol = Errand
reactor.listenTCP(7796, proxy, interface="127.0.0.1")
# [/proxy]
print("listening on port 7796")
reactor.run()
