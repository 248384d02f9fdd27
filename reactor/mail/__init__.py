"""Mail: taking letters in, keeping them, handing them out, sending them on. The names of `twisted.mail`.

    SMTP ─→ delivery ─┬─→ mailbox ─→ POP3, IMAP        smtp · maildir, folders · pop3, imap4
                      └─→ queue ─→ relay ─→ SMTP       relaymanager

Protocols decide nothing: `smtp` asks an `IMessageDelivery` from whom and for whom it takes letters, and what becomes of
them (interfaces.py). One rule holds everywhere: who says that a letter is taken must never lose it afterwards. So a
mailbox and the queue answer when the letter is on the disk, name and all, and until then an error is the sender's to
try again: OSError, a full disk say, is "not now" and never "no".
"""
