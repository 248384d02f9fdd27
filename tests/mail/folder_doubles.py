"""A Maildir with three letters, as a mailbox of IMAP."""

import os

from reactor.mail.folders import MaildirAccount


def seen(mailbox):
    """UID → flags, after a look."""
    return {uid: sorted(mailbox._messages[uid].flags) for uid in mailbox.uids()}


def only(path):
    """The names in a folder."""
    return sorted(os.listdir(path))


def again(account, name="INBOX"):
    """The same mailbox, as another session finds it."""
    another = MaildirAccount(account.path)
    mailbox = another.select(name)
    try:
        return mailbox.getUIDValidity(), mailbox.getUIDNext(), seen(mailbox)
    finally:
        mailbox.close()
        another.close()
