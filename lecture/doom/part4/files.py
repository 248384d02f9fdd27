"""Part 4, files: FTP, with a second connection for each file."""

from lecture.slides import Ask, Bullet, Code, Notes, Session, Slide, Wrong

files = [
    Slide(
        "Files: FTP",
        Bullet("Commands on one connection, each file on another, which comes and goes"),
        Bullet("The client goes there, or says where it may be found: both were abused"),
        Bullet("A file appears whole, or not at all"),
        Code("70_ftp/house.py", "serve"),
        Code("70_ftp/upload.py", "upload", highlight=(4, 7, 8)),
        Code("70_ftp/look.py", "look"),
        Session("70_ftp"),
        Notes("""
            FTP is from 1971, older than TCP. Commands and replies are lines, as in mail; a file travels on a
            connection of its own, and ends where that ends. So nobody has to know its length, and a transfer can be
            stopped while the conversation goes on.

            The second connection is the trouble. A client may tell the server where to connect, and have it knock at
            doors that only the server reaches; this is the bounce. A server can do the same to its clients. And
            whoever is first at the announced port gets the file. Both ends here believe a port and no address: data
            goes to the host of the conversation, and comes from there.

            A connection that ends may have broken. So the server writes an upload beside the file, and renames it when
            all has come. What came of a cut one stays, and the client may go on after it.

            `reactord ftp --path www --users users` is this server, with TLS and a range of ports.
        """),
        Ask(
            "A client is killed during an upload; its kernel closes both connections. What does the server see?",
            """
            An end of the data that looks like the end of the file. But the other connection ends in the same moment,
            so the server looks at that before it believes: whoever has hung up doesn't wait for “it is there”. Under
            TLS there is no doubt: only a goodbye ends the file.
            """,
        ),
        Wrong("70_ftp", "folder_each"),
        minutes=2.5,
        exercises=(61,),
    ),
]
