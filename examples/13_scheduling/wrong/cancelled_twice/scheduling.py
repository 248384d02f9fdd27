"""A dinner in the right order, whatever order it was asked for in."""

from reactor import reactor


# [dinner]
def serve(dish, course="main course"):
    print(f"{course}: {dish}")


tea = reactor.callLater(0.05, serve, "tea", course="at last")
fish = reactor.callLater(0.1, serve, "fish")
soup = reactor.callLater(2, serve, "soup", course="starter")
cake = reactor.callLater(0.1, serve, "cake", course="dessert")

tea.delay(0.2)  # that much later than planned
soup.reset(0)  # that long from now, whatever was planned
cake.cancel()  # no, thank you
cake.cancel()  # really
print("is there cake?", cake.active())
# [/dinner]

reactor.callLater(0.3, reactor.stop)
reactor.run()
