import random

from lecture.exercises import check

PORT = 7859
PEOPLE = ("Ann", "Bob", "Cy")
KNOWN = {  # a filter, and for Ann, Bob, Cy: true, false, or nobody can say
    "(role=cook)": (True, True, False),
    "(CN=ann)": (True, False, False),
    "(mail=*)": (True, False, True),
    "(role=waiter)": (False, True, False),
    "(cn=nobody)": (False, False, False),
    "(password=*)": (None, None, None),
    "(Password=secret)": (None, None, None),
}


def asks(yours, rule, *filters):
    """filters: pairs of a filter, and who fits."""
    client = yours.connect(PORT, "the client", rule)
    client.says("".join(f"{filter}\r\n" for filter, _ in filters).encode())
    client.hears("".join(f"{names or 'nobody'}\r\n" for _, names in filters).encode(), rule=rule)


@check("R1")
def values(yours):
    asks(
        yours,
        "R1",
        ("(role=cook)", "Ann Bob"),
        ("(CN=robert)", "Bob"),
        ("(role=King)", ""),
        ("(mail=A@doom.example)", "Ann"),
    )


@check("R2")
def presence(yours):
    asks(yours, "R2", ("(mail=*)", "Ann Cy"), ("(Role=*)", "Ann Bob"), ("(fax=*)", ""))


@check("R3", only=("slow",))
def all_one_not(yours):
    asks(
        yours,
        "R3",
        ("(&(role=cook)(mail=*))", "Ann"),
        ("(|(cn=bob)(cn=cy))", "Bob Cy"),
        ("(!(role=cook))", "Cy"),
        ("(&(!(cn=ann))(|(mail=*)(role=waiter)))", "Bob Cy"),
    )


@check("R4", only=("slow",))
def none_to_ask(yours):
    asks(yours, "R4", ("(&)", "Ann Bob Cy"), ("(|)", ""), ("(!(|))", "Ann Bob Cy"), ("(!(&))", ""))


@check("R5", only=("slow",))
def passwords(yours):
    asks(
        yours,
        "R5",
        ("(password=secret)", ""),
        ("(!(PASSWORD=secret))", ""),
        ("(!(password=*))", ""),
        ("(|(cn=cy)(password=x))", "Cy"),
        ("(!(&(cn=cy)(password=x)))", "Ann Bob"),
        ("(!(|(cn=cy)(password=x)))", ""),
    )


def nested(dice, depth):
    """A filter, and what it is of each of them."""
    if not depth or dice.random() < 0.2:
        return dice.choice([*KNOWN.items()])
    operator = dice.choice("&|!")
    parts = [nested(dice, depth - 1) for _ in range(1 if operator == "!" else dice.randint(0, 3))]
    answers = [combined(operator, [one[at] for _, one in parts]) for at in range(len(PEOPLE))]
    return f"({operator}{''.join(text for text, _ in parts)})", tuple(answers)


def combined(operator, answers):
    if operator == "!":
        return {True: False, False: True, None: None}[answers[0]]
    order = (False, None, True) if operator == "&" else (True, None, False)
    return next((one for one in order if one in answers), order[-1])


@check("R3", "R4", "R5", only=("slow",))
def nests(yours):
    dice = random.Random(17)
    filters = [nested(dice, depth) for depth in range(1, 9) for _ in range(6)]
    told = [(text, [name for name, it in zip(PEOPLE, found, strict=True) if it]) for text, found in filters]
    for text, names in told:
        rule = "R5" if "assword" in text else "R3"
        asks(yours, rule, (text, " ".join(names)))
