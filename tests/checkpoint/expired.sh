# A state older than `expires` isn't used.
. "$(dirname "$0")/lib.sh"
victim 'expires(2s)' >p.c
build_plain plain p.c
run ./plain
mv out expected
build p p.c
stop ./p
run ./p
ended_as expected
resumed_at 101
stop ./p
sleep 2.1
run ./p
ended_as expected
fresh_because 'expired'
