"""Part 4, calls: methods of an object here, called by a program elsewhere."""

from lecture.slides import Ask, Bullet, Code, Notes, Session, Slide, Wrong

remote_calls = [
    Slide(
        "How To Not Implement A Protocol, Again: XML-RPC",
        Bullet("The protocol is there: a call is XML, posted by HTTP, and so is its answer"),
        Bullet("Publish a method by its prefix; return a value, or a Deferred of one"),
        Bullet("Any language calls it: Perl, JavaScript, the one of your accountants"),
        Code("67_xmlrpc/kitchen.py", "publish", highlight=(2,)),
        Code("67_xmlrpc/waiter.py", "order", highlight=(2, 4)),
        Code("67_xmlrpc/stranger.py"),
        Session("67_xmlrpc"),
        Notes("""
            In part 2 the best protocol was the one that you don't write. Here you don't even choose its messages. The
            kitchen is a class; a method whose name begins with `xmlrpc_` can be called from everywhere, and what it
            returns goes back. There are numbers, texts, dates, bytes, lists and dictionaries, and no objects. The
            specification is one page of 1999, and everybody could implement it in an afternoon. So everybody did, and
            that is its whole secret.

            The third program isn't ours. It is the standard library, waits where it stands, and neither side knows what
            the other is made of. An error travels as a number and a sentence. Which error, the method decides: what it
            didn't mean to raise is logged here; the caller learns “error”, since a traceback is nothing to hand out.

            What comes over the wire was written by somebody. A kilobyte of XML can say “ten of the last line” nine
            times, and mean a gigabyte: such definitions are refused, and so are calls of more than a megabyte.
        """),
        Ask(
            "The kitchen stands in your own network. Why may a web page that you visit not order soup?",
            """
            Your browser could post to it: any page may make it post a form. But not a form that says it is XML: for
            that the browser asks the kitchen first, and gets no answer that allows it. So the server takes nothing that
            isn't called XML.
            """,
            run="67_xmlrpc",
            shows="8001 procedure close not found",
            command="python waiter.py soup 2",
        ),
        Wrong("67_xmlrpc", "not_published"),
        minutes=2.5,
        exercises=(58,),
    ),
]
