import hashlib

from lecture.exercises import check


def session_of(number):
    return hashlib.sha256(b"%d" % number).hexdigest().encode()


def signed(blob, session):
    return hashlib.sha256(b"secret half of " + blob + session).hexdigest().encode()


class Visit:
    """A guest at the door. number: how many came before."""

    def __init__(self, yours, number=0):
        self.session = session_of(number)
        self.guest = yours.connect(7763)
        self.guest.hears(b"session %b\r\n" % self.session, rule="R1")

    def asks(self, words, answer, rule):
        self.guest.says(words + b"\r\n")
        self.guest.hears(answer + b"\r\n", rule=rule)

    def signs(self, name, blob, answer, rule):
        self.asks(b"%b %b %b" % (name, blob, signed(blob, self.session)), answer, rule)


@check("R1")
def ann_with_her_second_key(yours):
    Visit(yours).signs(b"git", b"k2", b"hello ann", "R1")


@check("R1", only=())
def bob_who_calls_himself_ann(yours):
    Visit(yours).signs(b"ann", b"k3", b"hello bob", "R1")


@check("R2", only=())
def a_key_without_a_signature(yours):
    visit = Visit(yours)
    visit.asks(b"git k1", b"sign", "R2")
    visit.signs(b"git", b"k1", b"hello ann", "R1")


@check("R3", only=())
def a_signature_by_another_key(yours):
    visit = Visit(yours)
    visit.asks(b"git k1 " + signed(b"k3", visit.session), b"no", "R3")


@check("R3", only=())
def a_signature_that_was_overheard(yours):
    Visit(yours).signs(b"git", b"k1", b"hello ann", "R1")
    Visit(yours, 1).asks(b"git k1 " + signed(b"k1", session_of(0)), b"no", "R3")


@check("R4", only=())
def the_third_no(yours):
    visit = Visit(yours)
    visit.asks(b"eve k9", b"no", "R4")
    visit.signs(b"eve", b"k9", b"no", "R4")
    visit.signs(b"eve", b"k8", b"no", "R4")
    visit.guest.is_closed("R4")


@check("R4", only=())
def the_third_no_of_another(yours):
    eve, carla = Visit(yours), Visit(yours, 1)
    eve.asks(b"eve k9", b"no", "R4")
    eve.asks(b"eve k8", b"no", "R4")
    carla.asks(b"carla k7", b"no", "R4")
    carla.signs(b"carla", b"k3", b"hello bob", "R4")
