"""Part 4, LDAP: an address book that programs of others ask."""

from lecture.slides import Ask, Bullet, Code, Notes, Session, Slide, Wrong

directories = [
    Slide(
        "Directories: LDAP",
        Bullet("A tree of entries, each with a name and attributes that have values"),
        Bullet("A search has a place in the tree, a depth, and a filter"),
        Bullet("A filter is code that a stranger writes: `escape_value` keeps a value a value"),
        Code("68_ldap/address_book.py", "serve"),
        Code("68_ldap/find.py", "find", highlight=(3, 4)),
        Session("68_ldap"),
        Notes("""
            LDAP is the telephone book of offices: programs for mail look up addresses in it, and machines look up who
            may log in. An entry's name says where it stands, the leaf first: `cn=Ann,o=Doom`. All the rest is
            attributes, any number, with any number of values each.

            Eight lines make an address book, and OpenLDAP's own program finds everybody with an A. Put `LDIFTree` or
            `SQLiteTree` in the place of the tree, and it is there tomorrow; `reactord ldap` does that, with logins and
            TLS. On the wire this is BER: tag, length, content, and the content may be more of the same. That is a
            parser which strangers feed with lengths, so each is looked at before a byte is kept for it.

            The last command is somebody who types half a filter where a name belongs. With `escape_value` it is a
            strange name, and nobody has it. Without it, the filter has another part, and finds whom it likes.
        """),
        Ask(
            "A filter can say `(!(mail=*))`. What should `(!(password=s*))` find?",
            """
            Nobody. A filter that may look at passwords finds out, with some patience, how they begin; and its opposite
            finds out the same. So a password is neither here nor there: a filter has three answers, yes, no, and
            “nobody can say”, and the opposite of the third is the third. An entry is found by “yes” alone.
            """,
            run="68_ldap",
            shows="0 found",
        ),
        Wrong("68_ldap", "no_escape"),
        minutes=2.25,
        exercises=(59,),
    ),
]
