"""Who calls is who came in last."""

from reactor import reactor
from reactor.spread import pb


class Cellar(pb.Referenceable):
    def __init__(self):
        self.bottles, self.seen_by = ["port", "sherry", "wine"], []

    def remote_list(self):
        if self.visitor != "cook":
            self.seen_by.append(self.visitor)
        return list(self.bottles)

    def remote_take(self, bottle):
        if self.visitor != "cook":
            raise pb.Error("only the cook takes")
        self.bottles.remove(bottle)
        return bottle

    def remote_seen_by(self):
        if self.visitor != "cook":
            raise pb.Error("only the cook asks")
        return self.seen_by


class Door(pb.Root):
    def __init__(self, cellar):
        self.cellar = cellar

    def remote_enter(self, name):
        self.cellar.visitor = name
        return self.cellar


reactor.listenTCP(7786, pb.PBServerFactory(Door(Cellar())))
reactor.run()
