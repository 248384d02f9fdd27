"""Part 4, mail that is fetched: a mailbox, who may read it, and when a letter is deleted."""

from lecture.slides import Ask, Bullet, Code, Notes, Session, Slide, Wrong

mailboxes = [
    Slide(
        "Fetching Mail: POP3",
        Bullet("The protocol asks a portal who may come in, and gets a mailbox"),
        Bullet("A mailbox is in memory, or a Maildir; the protocol can't tell"),
        Bullet("Deleted is what was deleted when you said goodbye"),
        Code("63_pop3/mailbox.py", "serve", highlight=(2, 3)),
        Code("63_pop3/take_home.py", "take_home", highlight=(6, 8, 9)),
        Session("63_pop3"),
        Notes("""
            Three lines make the server. The checker knows the password, the portal leads whoever has it to their
            mailbox, and the factory speaks POP3. Put a `Maildir` in place of the `MemoryStore`, and the letters lie in
            a folder, where any other program on the machine may deliver and read while we run.

            The client is a loop: fetch, keep, delete. Look at the order. Until you have kept a letter, the only copy
            is on the server, so a client that deletes first loses mail on the day on which its disk is full.

            And look at the last line. POP3 deletes nothing until the client says QUIT. If the line breaks in the middle
            of the third letter, all of them are still there tomorrow, and you get two of them twice. Twice is a
            nuisance; never is a catastrophe. Protocols about things that matter choose the nuisance.

            While Ann's client is in there nobody else is, not even Ann with her telephone: numbers of letters must not
            change under anybody's hands. `[IN-USE]`, says the server.
        """),
        Ask(
            "Why does `listSize` say 31 bytes, when the server's program spells one that is shorter?",
            """
            It doesn't: every line ends with two bytes, CR and LF, and they count. A server that keeps letters with one
            of them has to count as if there were two, or a client that trusts the size waits for bytes that never come.
            """,
            run="63_pop3",
            shows="1 31",
            command="curl -sS pop3://ann:secret@localhost:7815/",
        ),
        Wrong("63_pop3", "no_goodbye"),
        minutes=2.25,
        exercises=(54,),
    ),
]
