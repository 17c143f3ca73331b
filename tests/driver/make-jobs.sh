# Many at once, as make does it.
. "$(dirname "$0")/lib.sh"
command -v make >/dev/null || skip "no make"
i=0
while [ $i -lt 8 ]; do
    printf '#include "common.h"\n#pragma memo\nint f%d(int x) { return x + ADD; }\n' $i >f$i.c
    i=$((i + 1))
done
echo '#define ADD 1' >common.h
cat >main.c <<'END'
int f0(int), f7(int);
int main(void) { return f0(1) + f7(2); }
END
cat >Makefile <<'END'
objects = main.o f0.o f1.o f2.o f3.o f4.o f5.o f6.o f7.o
program: $(objects)
	$(CC) -o $@ $(objects)
%.o: %.c
	$(CC) -MMD -O -c $< -o $@
-include *.d
END
make -s -j4 CC="'$MEMOCC'"
status_of ./program
[ $status -eq 5 ] || fail "status $status"
make -q CC="'$MEMOCC'" || fail "something is out of date"
sleep 1
touch common.h
make -n CC="'$MEMOCC'" | grep -q 'f3.c' || fail "a header isn't among the dependencies"
no_temps_left
