"""A kitchen: asked for a dish, it gives a Deferred of a plate."""

from reactor import reactor, task


class SoldOut(Exception):
    pass


def cook(dish):
    return task.deferLater(reactor, 0.01, put_on_plate, dish)


def put_on_plate(dish):
    if dish == "oysters":
        raise SoldOut("there are no more oysters")
    return f"a plate of {dish}"
