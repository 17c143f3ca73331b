# A signal reaches the compiler, ends memocc in the same way, and leaves nothing.
. "$(dirname "$0")/lib.sh"
cat >slow <<END
#!/bin/sh
trap 'echo stopped >"$PWD/stopped"; exit 1' TERM INT
case "\$*" in *--version*) exec "$CC" --version ;; esac
: >"$PWD/started"
sleep 20 & wait \$!
END
cat >suicide <<END
#!/bin/sh
case "\$*" in *--version*) exec "$CC" --version ;; esac
kill -KILL \$\$
END
chmod +x slow suicide
cat >a.c <<'END'
#pragma memo
int square(int x) { return x * x; }
END
for signal in TERM HUP; do
    rm -f started stopped
    MEMOCC_CC="'$PWD/slow'" "$MEMOCC" -c a.c &
    pid=$!
    n=0
    while [ ! -f started ] && [ $n -lt 200 ]; do sleep 0.05; n=$((n + 1)); done
    [ -f started ] || fail "never started"
    kill -$signal $pid
    status_of wait $pid
    [ "$(kill -l $status)" = $signal ] || fail "status $status after $signal"
    no_temps_left
done
MEMOCC_CC="'$PWD/suicide'" status_of "$MEMOCC" -c a.c
[ "$(kill -l $status)" = KILL ] || fail "status $status of a killed compiler"
no_temps_left
printf 'int f( {' >bad.c
"$CC" -c bad.c 2>/dev/null && fail "compiles?"
status_of "$MEMOCC" -c bad.c 2>/dev/null
[ $status -eq 1 ] || fail "status $status"
