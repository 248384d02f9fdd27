"""Part 4, mail that is fetched, and mail that stays: a mailbox, who may read it, and what others see of it."""

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
    Slide(
        "Mail That Stays: IMAP",
        Bullet("One mailbox, two doors: SMTP puts letters in, IMAP shows them"),
        Bullet("Every letter has a number for ever; whoever saw 17 asks for 18 and up"),
        Bullet("Parts of letters, searches, flags: the server works, the line is short"),
        Code("64_imap/server.py", "serve", highlight=(3, 8)),
        Code("64_imap/send.py", "send"),
        Session("64_imap"),
        Notes("""
            POP3 empties a mailbox. IMAP leaves everything where it is, and lets the laptop, the telephone and the web
            page look at it at once. So the server has the work: it searches, it takes letters apart, it remembers who
            has read what.

            The two factories share one object: SMTP's `Domain` delivers into the INBOX that the account hands out.

            curl asks for the body of the second letter and gets that alone, not the letter with the film in it. Then
            mbsync copies the mailbox to a folder. Start it again, and it fetches nothing: it remembers the last number
            that it has seen. So a server that gives a number to a second letter loses mail, politely.

            What makes the protocol hard isn't in this session: the other telephone deletes the third letter while you
            ask for the fifth. Which is the fifth then? The server must say "the third is gone" before the numbers
            move, and it may not say so while you might be asking.
        """),
        Ask(
            "How does your telephone learn of a new letter without asking every minute?",
            """
            It says IDLE, and the server says `* 3 EXISTS` when there is a third letter. One line, whenever it comes,
            over a connection that costs nothing while it waits: you have known for three parts why.
            """,
        ),
        minutes=2.25,
        exercises=(55,),
    ),
]
