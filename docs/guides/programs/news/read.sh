# Save what is new in the group at port $1, by tin, as soon as there is something, and show it.
mkdir -p .tin && echo mailer_format=/bin/true > .tin/tinrc
for try in 1 2 3 4 5 6 7 8 9 10; do
    echo doom.kitchen: > .newsrc
    HOME=$PWD TERM=dumb tin -r -Q -S -g 127.0.0.1 -p $1 -f .newsrc -s saved.$1 </dev/null >tin.log 2>&1
    grep -rqs ^Subject saved.$1 && break
    sleep 0.2
done
grep -rh "^Subject\|^Taste" saved.$1
