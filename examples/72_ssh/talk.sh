# Bob says one thing, and leaves. $1: the port.
echo good evening | ssh -F none -T -o BatchMode=yes -o UserKnownHostsFile=known_hosts -p "$1" -i bob bob@localhost
