"""A view is the same if the name is."""

from reactor import reactor
from reactor.spread import pb


class Cellar(pb.Referenceable):
    def __init__(self):
        self.bottles, self.seen_by = ["port", "sherry", "wine"], []

    def remote_list(self):
        return list(self.bottles)

    def view_list(self, guest):
        self.seen_by.append(guest)
        return list(self.bottles)

    def remote_take(self, bottle):
        self.bottles.remove(bottle)
        return bottle

    def remote_seen_by(self):
        return self.seen_by


class Door(pb.Root):
    def __init__(self, cellar):
        self.cellar = cellar

    def remote_enter(self, name):
        if name == "cook":
            return self.cellar
        return pb.ViewPoint(name, self.cellar)


reactor.listenTCP(7786, pb.PBServerFactory(Door(Cellar())))
reactor.run()
