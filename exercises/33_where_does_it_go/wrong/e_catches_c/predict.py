"""In addCallbacks(c, e), e catches what c raises."""

from reactor.defer import Deferred


def soup(_):
    print("soup")
    return "soup"


def burn(_):
    print("burn")
    raise ValueError("burnt")


def sorry(_):
    print("sorry")
    return "bread"


def bill(_):
    print("bill")


def served():  # its Deferred fires with a result, as those of the next seven do
    return Deferred().addCallback(soup).addErrback(sorry).addCallback(bill)


def burnt():
    return Deferred().addCallback(burn).addErrback(sorry).addCallback(bill)


def beside():
    return Deferred().addCallbacks(burn, sorry).addErrback(bill)


def too_early():
    return Deferred().addErrback(sorry).addCallback(burn).addCallback(bill).addErrback(sorry)


def both():
    return Deferred().addCallback(burn).addBoth(bill).addErrback(sorry).addCallback(soup)


def inner():
    def order(_):
        return Deferred().addCallback(burn).addErrback(sorry)  # and somebody fires it later, with a result

    return Deferred().addCallback(order).addCallback(bill).addErrback(soup)


def forgotten():
    def order(_):
        Deferred().addErrback(sorry).addCallback(soup)  # nobody ever fires this one

    return Deferred().addCallback(order).addCallback(bill).addErrback(sorry)


def again():
    return Deferred().addCallback(burn).addErrback(burn).addErrback(sorry).addCallbacks(bill, soup)


PRINTED = {  # the words that each prints, in their order
    "served": "soup bill",
    "burnt": "burn sorry bill",
    "beside": "burn sorry",
    "too_early": "burn sorry",
    "both": "burn bill soup",
    "inner": "burn sorry bill",
    "forgotten": "bill",
    "again": "burn burn sorry bill",
}

for chain, words in PRINTED.items():
    print(f"{chain}: {words}")
