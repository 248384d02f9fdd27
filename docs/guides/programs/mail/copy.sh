# Copy the mailbox at port $1 into the folder copy, and say what is there.
mkdir -p copy
mbsync -q -c /dev/stdin kitchen <<END
IMAPAccount kitchen
Host localhost
Port $1
User bob
Pass secret
SSLType STARTTLS
CertificateFile mail/development.pem

IMAPStore there
Account kitchen

MaildirStore here
Path copy/
Inbox copy/INBOX

Channel kitchen
Far :there:
Near :here:
Create Near
SyncState *
END
grep -rh ^Subject copy/INBOX
