"""Who may come in, and as what: the names of `twisted.cred`.

    protocol  --credentials-->  Portal  --asks-->  checker   "who is that?"       an avatar id
                                        --asks-->  realm     "what may they do?"  an avatar

A protocol knows how somebody proves who they are, and nothing else. A *checker* knows passwords, and nothing about
protocols. A *realm* knows what your program is about. The *portal* introduces them to each other, so that each can be
exchanged: the same users for mail and for FTP, another file of passwords, a test's realm.

Some protocols never see a password, only a proof that the other side knows it. Such a proof can be checked only by a
checker that stores enough for it; its `credentialInterfaces` say what it can, and the portal offers no more than that.
`stored_password` has the format that holds no password and still serves two kinds of proof.
"""
