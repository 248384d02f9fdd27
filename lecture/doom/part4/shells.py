"""Part 4, SSH: the room of Part 2 for those who have a key, and the key that the room shows."""

from lecture.slides import Ask, Bullet, Code, Markdown, Notes, Session, Slide, Wrong

shells = [
    Slide(
        "SSH: The Room of Part 2, Behind Keys",
        Bullet("Two logins at once: the host shows its key, then the guest does"),
        Bullet("What then runs is a protocol of yours; a channel is its transport"),
        Bullet(Markdown("An endpoint, so any client too: `ssh:ann@host:chat`")),
        Code("72_ssh/room.py", "Session", highlight=(3, 6, 7)),
        Code("72_ssh/room.py", "Avatar"),
        Code("72_ssh/room.py", "Realm"),
        Code("72_ssh/guest.py", "visit", highlight=(2, 3, 4, 5)),
        Code("72_ssh/keys.py"),
        Session("72_ssh"),
        Notes("""
            We have had this room since the second part. Its guests could be anybody, and whoever had the cable could
            hear them. Now it stands behind SSH. The guest's class has hardly changed: it is still a protocol, with a
            transport below. That is a channel in an encrypted connection, of which there may be many.

            The cryptography is asyncssh's, a library for asyncio that runs on our transports. Never write your own.
            What is ours are the decisions: the portal again, with a checker for keys this time, and an avatar that says
            what runs when somebody asks for a shell. So OpenSSH's client is a client of our chat.

            The other half is easily forgotten: how do you know to whom you talk? The host shows a key as well, and
            your file of known hosts has to have it. At the first visit it can't; that is when ssh asks you, and
            everybody says yes. Our endpoint asks nobody. It fails, tells you the fingerprint and the line to add, and
            leaves the deciding to you.
        """),
        Ask(
            "Eve is in nobody's list. Is she told that there is no such name, or that her key is wrong?",
            """
            Neither: permission denied, in either case, and after the same time. Else she could try names until one of
            them fails in another way.
            """,
            run="72_ssh",
            shows="AuthenticationFailed",
            command="python guest.py eve",
        ),
        Wrong("72_ssh", "any_host_key"),
        minutes=3.5,
        exercises=(63,),
    ),
]
