import contextlib
import io

from lecture.exercises import Broken, check
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


def inner():
    later = Deferred().addCallback(burn).addErrback(sorry)
    chain = Deferred().addCallback(lambda _: later).addCallback(bill).addErrback(soup)
    chain.callback(None)
    return later


def forgotten():
    return Deferred().addCallback(lambda _: None).addCallback(bill).addErrback(sorry)


CHAINS = {
    "served": lambda: Deferred().addCallback(soup).addErrback(sorry).addCallback(bill),
    "burnt": lambda: Deferred().addCallback(burn).addErrback(sorry).addCallback(bill),
    "beside": lambda: Deferred().addCallbacks(burn, sorry).addErrback(bill),
    "too_early": lambda: Deferred().addErrback(sorry).addCallback(burn).addCallback(bill).addErrback(sorry),
    "both": lambda: Deferred().addCallback(burn).addBoth(bill).addErrback(sorry).addCallback(soup),
    "inner": inner,
    "forgotten": forgotten,
    "again": lambda: Deferred().addCallback(burn).addErrback(burn).addErrback(sorry).addCallbacks(bill, soup),
}


def printed(chain):
    """What really happens."""
    with contextlib.redirect_stdout(io.StringIO()) as out:
        CHAINS[chain]().callback(None)
    return out.getvalue().split()


TRUTH = {chain: printed(chain) for chain in CHAINS}


def is_right(yours, rule, *chains):
    """Says which is wrong, and doesn't give away what is right."""
    yours.ends(0, rule)
    said = dict(line.partition(":")[::2] for line in yours.program.stdout.splitlines())
    for chain in chains:
        if said.get(chain, "").split() != TRUTH[chain]:
            raise Broken(rule, f"the chain `{chain}` prints something else", came=said.get(chain, "").strip())


@check("R1", only=())
def two_rails(yours):
    is_right(yours, "R1", "served", "too_early")


@check("R2", only=())
def side_by_side(yours):
    is_right(yours, "R2", "beside")


@check("R3", only=())
def after_an_error(yours):
    is_right(yours, "R3", "burnt", "both", "again")


@check("R4", only=())
def a_deferred_in_a_deferred(yours):
    is_right(yours, "R4", "inner", "forgotten")
