from lecture.exercises import Broken, check

ON_ITS_WAY_S = 0.01


def comes(yours, name):
    """A guest; None if the house is closed."""
    try:
        return yours.connect(7771, name)
    except Broken:
        if yours.interrupted_at is None:
            raise
        return None


def was_answered(yours, guest, dish, ordered_at):
    """Served, refused, or put off before the order was there."""
    served, refused = b"your " + dish + b"\r\n", b"no " + dish + b" any more\r\n"
    pressed = yours.interrupted_at
    if pressed is None or ordered_at < pressed - ON_ITS_WAY_S:
        allowed = [served]
    elif ordered_at < pressed + ON_ITS_WAY_S:
        allowed = [served, refused, b""]
    else:
        allowed = [refused, b""]
    if guest.received not in allowed:
        late = allowed[0] is refused
        raise Broken(
            "R3" if late else "R2" if pressed else "R1",
            f"{guest.name} was answered otherwise",
            tuple(guest.sent),
            allowed[0],
            guest.received,
        )


@check("R1", "R2", "R4", only=("interrupts",))
def an_evening(yours):
    ordered = []
    for name, dish in (("ann", b"soup"), ("bob", b"fish"), ("cleo", b"cake")):
        guest = comes(yours, name)
        if guest is not None:
            ordered.append((guest, dish, yours.world.seconds()))
            guest.says(dish + b"\r\n")
            yours.later(0.7)
    yours.goes_on(lambda: all(guest.received or guest.has_ended for guest, *_ in ordered))
    if yours.interrupted_at is None:
        yours.interrupt()
        yours.later(ON_ITS_WAY_S)
    yours.later(5)
    for guest, dish, at in ordered:
        was_answered(yours, guest, dish, at)
    if yours.program.is_running:
        raise Broken("R4", "it is still there, five seconds after Ctrl-C")
    yours.ends(0, "R4")


@check("R2", "R4", only=())
def three_cook_and_one_waits_for_nothing(yours):
    guests = [yours.connect(7771, name) for name in ("ann", "bob", "cleo", "dan")]
    for guest in guests[:3]:
        guest.says(b"soup\r\n")
        yours.later(0.5)
    yours.interrupt()
    yours.later(0.1)
    guests[3].is_closed("R4")
    yours.later(2)
    for guest in guests[:3]:
        guest.has_heard(b"your soup\r\n", "R2")
    yours.later(2.5)
    if yours.program.is_running:
        raise Broken("R4", "it is still there, five seconds after Ctrl-C")


@check("R3", only=())
def one_orders_again(yours):
    guest = yours.connect(7771)
    guest.says(b"soup\r\n")
    yours.later(1)
    yours.interrupt()
    yours.later(0.2)
    guest.says(b"cake\r\n")
    yours.later(0.2)
    guest.has_heard(b"no cake any more\r\n", "R3")
    guest.hears(b"your soup\r\n", "R2")


@check("R4", only=())
def nobody_there(yours):
    guest = yours.connect(7771)
    guest.closes()
    yours.later(1)
    yours.interrupt()
    yours.later(5)
    if yours.program.is_running:
        raise Broken("R4", "it is still there, five seconds after Ctrl-C")
