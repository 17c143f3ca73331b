# A byte order mark, CRLF, #line, tabs and no newline at the end.
. "$(dirname "$0")/lib.sh"
body='#pragma memo\nint square(int x) { return x * x; }\nint main(void) { return square(5) + __LINE__; }'
check() { # status, printf format
    printf "$2" >a.c
    for options in '' '-O2 -g'; do
        # shellcheck disable=SC2086
        "$MEMOCC" -Wall -Wextra -Werror $options a.c -o program
        status_of ./program
        [ $status -eq "$1" ] || fail "status $status of $2"
    done
}
check 28 "$body\n"
check 28 "$body"
check 28 "\357\273\277$body\n"
check 28 "$(printf '%s' "$body" | sed 's/\\n/\\r\\n/g')\r\n"
check 127 "#line 100 \"other.y\"\n$(printf '%s' "$body")\n"
check 28 "$(printf '%s' "$body" | sed 's/{/{\\t/')\n"
no_temps_left
