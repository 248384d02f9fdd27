"""Part 4, IRC: a room in which programs talk with people."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, Wrong

rooms = [
    Slide(
        "IRC: A Waiter in the Room",
        Bullet("The room knows no protocol; IRC is a door to it, and others can be"),
        Bullet("Everybody hears the same, in the same order"),
        Bullet(Markdown("A client is methods for what happens: `signedOn`, `privmsg`")),
        Code("73_irc/server.py"),
        Code("73_irc/bot.py", "Waiter", highlight=[(4, 5), (7, 8, 9, 10)]),
        Code("73_irc/guest.py", "Guest"),
        Session("73_irc"),
        Notes("""
            Our chat of the second part has one room, and guests without names. IRC is what people made of that idea in
            1988, and it has never stopped. A line is a command; the server passes it on to whoever is in the room.

            The room itself is in another package, and knows nothing of lines. It has people, a topic, rules, and one
            queue: whatever happens goes through it, so that no two guests can disagree about who spoke first. A door
            turns what happens into bytes, once for each kind of reader and not once for each reader. That is why a room
            of a thousand costs little more than a room of ten.

            And the one who doesn't read? Their bytes wait, up to a bound. Then they are out, and the room goes on. It
            would be kind to wait for them; then one of them could stop everybody.
        """),
        Ask(
            "A server tells the crier nothing of what is cut off. What should a client do with a long text?",
            """
            Cut it, before the server does: into lines that have room behind the name that others see, at the edge of a
            letter. Ours does. And a bot that answers needs a bound for what it answers, or two bots talk for ever.
            """,
            run="73_irc",
            shows="waiter: ann: tomato",
        ),
        Wrong("73_irc", "whole_mask"),
        minutes=2.75,
        exercises=(64,),
    ),
]
