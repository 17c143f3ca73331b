# What the loop reads and doesn't change must be equal; else it starts afresh, and the line says
# which input differs. Arguments and directory make another state, unless there is a name.
. "$(dirname "$0")/lib.sh"
victim '' >p.c
build_plain plain p.c
build p p.c
stop ./p
cp -R "$states" saved

# with SETTING: as cc's program prints it.
with() {
    status_of env "$1" ./plain >expected
    rm -rf "$states"
    cp -R saved "$states"
    run env "$1" ./p
    ended_as expected
}
with INPUT=4
fresh_because "'input'"
with FACTOR=1
fresh_because "'factor'"
with TEXT=1
fresh_because "'text"
with STOP=1000
resumed_at 101

# Other arguments: another state. The first one's stays.
rm -rf "$states"
cp -R saved "$states"
run ./p x y
silent
n_states_are 2
stop ./p x y
n_states_are 4
run ./p x y
resumed_at 101
n_states_are 2
# Another directory.
mkdir elsewhere
(cd elsewhere && run ../p && silent)
run ./p
resumed_at 101
n_states_are 0

# With a name, arguments don't count.
victim 'name("mine")' >p.c
build p p.c
stop ./p
run ./p x
resumed_at 101
