"""Two doors, and behind the second a folder for each user."""

from reactor import reactor
from reactor.cred.checkers import InMemoryUsernamePasswordDatabaseDontUse
from reactor.cred.portal import Portal
from reactor.protocols.ftp import BaseFTPRealm, FTPFactory
from reactor.web.server import Site
from reactor.web.static import File


# [serve]
class OneFolder(BaseFTPRealm):
    def getHomeDirectory(self, avatarId):
        return f"www/{avatarId.decode()}"


checker = InMemoryUsernamePasswordDatabaseDontUse(ann=b"secret")
portal = Portal(OneFolder("www"), [checker])
reactor.listenTCP(7021, FTPFactory(portal))
reactor.listenTCP(8070, Site(File("www")))
# [/serve]
print("FTP at port 7021, HTTP at port 8070")
reactor.run()
