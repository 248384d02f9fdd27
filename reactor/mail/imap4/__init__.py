"""IMAP (RFC 3501), both sides. The names of `twisted.mail.imap4`."""
