"""What a guest sees is what was there on entering."""

from reactor import reactor
from reactor.spread import pb


class Cellar(pb.Referenceable):
    def __init__(self):
        self.bottles, self.seen_by = ["port", "sherry", "wine"], []

    def remote_list(self):
        return list(self.bottles)

    def remote_take(self, bottle):
        self.bottles.remove(bottle)
        return bottle

    def remote_seen_by(self):
        return self.seen_by


class Photograph(pb.Referenceable):
    def __init__(self, cellar, guest):
        self.cellar, self.guest, self.bottles = cellar, guest, list(cellar.bottles)

    def remote_list(self):
        self.cellar.seen_by.append(self.guest)
        return self.bottles


class Door(pb.Root):
    def __init__(self, cellar):
        self.cellar, self.views = cellar, {}

    def remote_enter(self, name):
        if name == "cook":
            return self.cellar
        return self.views.setdefault(name, Photograph(self.cellar, name))


reactor.listenTCP(7786, pb.PBServerFactory(Door(Cellar())))
reactor.run()
