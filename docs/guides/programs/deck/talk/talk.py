"""A talk about a polite server."""

from lecture.slides import Bullet, Code, Lecture, Notes, Session, Slide, SubBullet, TitleSlide

lecture = Lecture(
    "How to greet",
    TitleSlide("How to greet", Bullet("A talk in four slides")),
    Slide(
        "What a greeter does",
        Bullet("It waits until somebody calls"),
        Bullet("It says welcome", SubBullet(Bullet("and nothing else"))),
        Notes("Ask who has been greeted today."),
    ),
    Slide("The greeter", Code("01_greeting/server.py", "Greeter"), Code("01_greeting/client.py")),
    Slide("It greets", Session("01_greeting")),
)
