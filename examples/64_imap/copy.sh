# Copy the mailbox at port $1 into the folder mail, and say what is there.
mkdir -p mail
mbsync -q -c /dev/stdin kitchen <<END
IMAPAccount kitchen
Host 127.0.0.1
Port $1
User ann
Pass secret
SSLType None

IMAPStore there
Account kitchen

MaildirStore here
Path mail/
Inbox mail/INBOX

Channel kitchen
Far :there:
Near :here:
Create Near
SyncState *
END
grep -rh Subject mail/INBOX | sort
