"""Part 4, Perspective Broker: an object that is called from elsewhere, and calls back."""

from lecture.slides import Ask, Bullet, Code, Notes, Session, Slide, Wrong

remote_objects = [
    Slide(
        "Objects That Call Each Other",
        Bullet("The peer gets a reference, and calls what begins with `remote_`"),
        Bullet("An argument can be an object, too: then the server calls the client"),
        Bullet("Each call returns a Deferred; answers come in any order"),
        Code("66_pb/kitchen.py", "Waiter", highlight=(7,)),
        Code("66_pb/customer.py", "Customer"),
        Code("66_pb/customer.py", "eat", highlight=(3, 5)),
        Session("66_pb"),
        Notes("""
            Two programs, and two objects. The customer asks for the root of the kitchen and gets a reference to the
            waiter. `callRemote` sends the name of a method and its arguments, and returns a Deferred at once.

            Now look at the third argument. The customer doesn't send its data; it sends itself. What arrives in the
            kitchen is a reference, and when the soup is ready the waiter calls `taste` on it. Who is the client now?
            Both are. That is why the answer to the order may come before the soup does, or after it.

            Whose methods can be called? Those whose names begin with `remote_`, of objects that were sent, by the peer
            to whom they were sent. When the customer's reference is dropped in the kitchen, the customer hears of it,
            and may be forgotten.

            The same bytes are understood by Twisted, and by `Client.java` in the same folder, which is one file. A page
            in the documentation, `perspective-broker.md`, has all that it needed to know.
        """),
        Ask(
            "The customer leaves before the soup is ready. What does the waiter get?",
            """
            The connection is lost, so the reference is dead: `callRemote` raises DeadReferenceError. A waiter who wants
            to know it earlier asks the reference, by `notifyOnDisconnect`. In this run the customer stays, and says:
            """,
            run="66_pb",
            shows="the customer says: more soup!",
            command="python kitchen.py &",
        ),
        Wrong("66_pb", "no_flavor"),
        minutes=2.5,
        exercises=(57,),
    ),
]
