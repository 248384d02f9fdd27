"""A wine cellar with a door. The cook may take bottles; guests may only look."""

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


class Door(pb.Root):
    def __init__(self, cellar):
        self.cellar = cellar

    def remote_enter(self, name):
        return self.cellar  # TODO: only the cook may take


reactor.listenTCP(7786, pb.PBServerFactory(Door(Cellar())))
reactor.run()
