# What the loop's code is made of: edits of it start afresh, and the line says what changed;
# comments, blanks, lines and other functions don't count.
. "$(dirname "$0")/lib.sh"
victim '' >p.c
build p p.c
stop ./p
cp -R "$states" saved

# edited SED: the program after the edit prints what cc makes it print.
edited() {
    victim '' "$1" >p.c
    build_plain plain p.c
    run ./plain
    mv out expected
    build p p.c
    rm -rf "$states"
    cp -R saved "$states"
    run ./p
    ended_as expected
}
edited ''
resumed_at 101
edited 's/calls++;/calls ++ ; \/* counted *\//'
resumed_at 101
edited 's/^static uint64_t elsewhere/\n\n&/'
resumed_at 101
edited 's/return x \* 3;/return x * 4;/'
resumed_at 101
edited 's/print("calls"/print("more calls"/'
resumed_at 101
edited 's/int main/int unrelated;\n&/'
resumed_at 101
edited 's/uint64_t x = 1,/uint64_t x = 1, unused = 4,/'
resumed_at 101
edited 's/i < 150/i < 151/'
fresh_because 'the loop itself'
edited 's/spend(x) ^ calls/spend(x) + calls/'
fresh_because 'turn'
edited 's/calls++;/calls += 1;/'
fresh_because 'turn'
edited 's/table\[100\]/table[101]/'
fresh_because 'table'
edited 's/unsigned factor/unsigned long factor/'
fresh_because 'factor|code'
edited 's/^static uint64_t table\[100\], calls;/static uint64_t table[100]; static uint32_t calls;/'
fresh_because 'calls|turn|code'
