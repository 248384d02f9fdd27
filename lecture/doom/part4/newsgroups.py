"""Part 4, news: a group, a post, a reader, and servers that pass articles on."""

from lecture.slides import Ask, Bullet, Code, Notes, Session, Slide, Wrong

newsgroups = [
    Slide(
        "News: NNTP",
        Bullet("A group is a list of numbers; an article may be in several, and is stored once"),
        Bullet("Its Message-ID is the same everywhere, so servers ask “do you have it?”"),
        Bullet("“It is here” means: on disk"),
        Code("65_news/newsroom.py", "serve"),
        Code("65_news/post.py", "post", highlight=(13,)),
        Code("65_news/read.py", "read", highlight=(4, 6)),
        Session("65_news"),
        Notes("""
            Mail goes to a person; news goes to a place. A server keeps groups, and a group is nothing but numbers, each
            of which stands for an article. The numbers are the server's own: number 2 here may be number 90 elsewhere.
            They only grow, and none is used again, since a reader remembers what it has seen as “1 to 41”.

            What an article is called in all places is its Message-ID. With it, servers need no plan. Each offers its
            neighbours what it has, by id; who has it says so, who hasn't takes it and offers it on. An article finds
            its way around any hole in the net, and comes by two ways at once only to be refused at the second.

            Three lines make the server, as always. Put the name of a file between the brackets of `NewsDatabase()`, and
            the articles are there tomorrow. `reactord news` does that, with logins, TLS and neighbours. A reader from
            1991 works: `tin -r -g localhost`.
        """),
        Ask(
            "Two neighbours offer the same new article in the same moment. Why isn't it stored twice?",
            """
            Both may be told to send it. But the id is unique in the store's table, and the article with its numbers is
            one transaction: the first that is complete wins, the other is refused, and its server strikes it off.
            The reader sees each article once.
            """,
            run="65_news",
            shows="doom.kitchen: 2 articles",
            command="python read.py",
        ),
        Wrong("65_news", "no_gap"),
        minutes=2.5,
        exercises=(56,),
    ),
]
