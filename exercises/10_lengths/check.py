from lecture.exercises import check


def message(words):
    return len(words).to_bytes(4, "big") + words


@check("R1", also=("glued", "resets"))
def three_messages(yours):
    guest = yours.connect(7771)
    guest.says(message(b"soup"))
    guest.says(message(b"") + message(b"fish and chips"))
    guest.hears(message(b"puos") + message(b"") + message(b"spihc dna hsif"), rule="R1")


@check("R1", only=("slow",))
def a_long_one(yours):
    guest = yours.connect(7771)
    guest.says(message(b"ab" * 32768))
    guest.hears(message(b"ba" * 32768), rule="R1")


@check("R2", only=("slow",))
def an_announcement(yours):
    guest = yours.connect(7771)
    guest.says(b"\xff\xff\xff\xff")
    guest.is_closed("R2")
