# Annotations in headers are found wherever the compiler would find the header.
. "$(dirname "$0")/lib.sh"
cat >recorder <<END
#!/bin/sh
printf '%s\n' "\$@" >"$PWD/arguments"
exec "$CC" "\$@"
END
chmod +x recorder
MEMOCC_CC="'$PWD/recorder'"
mkdir -p "a dir/sub" quote system after env src one two
printf '#if 0\n#pragma memo\n#endif\n' >hit
cp hit "a dir/sub/deep.h"
for dir in quote system after env src; do cp hit $dir/$dir.h; done
echo '#include "../a dir/sub/deep.h"' >src/over.h
echo '#include_next <next.h>' >one/next.h
cp hit two/next.h

sees() {
    rm -f arguments
    cat >src/case.c
    "$MEMOCC" "$@" -c src/case.c -o case.o
    grep -q __MEMOCC__ arguments || { cat src/case.c; fail "not seen: $*"; }
}
ignores() {
    rm -f arguments
    cat >src/case.c
    "$MEMOCC" "$@" -c src/case.c -o case.o
    ! grep -q __MEMOCC__ arguments || { cat src/case.c; fail "seen: $*"; }
}
echo '#include "src.h"' | sees
echo '#include "over.h"' | sees
echo '#include <sub/deep.h>' | sees -I "a dir"
echo '#include <sub/deep.h>' | sees "-Ia dir"
echo '#include "quote.h"' | sees -iquote quote
echo '#include <system.h>' | sees -isystem system
echo '#include <after.h>' | sees -idirafter after
echo '#include <env.h>' | CPATH=env sees
echo '#include <env.h>' | C_INCLUDE_PATH=/nowhere:env sees
echo '#include <next.h>' | sees -Ione -Itwo
echo 'int x;' | sees -include src/src.h
echo 'int x;' | sees -imacros src/src.h
echo 'int x;' | sees -Wp,-include,src/src.h
echo 'int x;' | sees -Xpreprocessor -include -Xpreprocessor src/src.h
echo '#include <quote.h>' | sees -Wp,-Iquote
printf '#define HEADER "src.h"\n#include HEADER\n' | sees
printf '#define HEADER <quote.h>\n#include HEADER\n' | sees -Iquote
echo '#include HEADER' | sees '-DHEADER="src.h"'
printf '#inc\\\nlude "sr\\\nc.h"\n' | sees
printf '# /* */ include /* */ "src.h"\n' | sees
printf '%%:include "src.h"\n' | sees
echo "#include \"$PWD/src/src.h\"" | sees
echo '-I "a dir"' >response
echo '#include <sub/deep.h>' | sees @response
ln -s ../src/over.h quote/linked.h
mkdir -p "quote/../a dir"
echo '#include "linked.h"' | sees -iquote quote
printf '#include <stdio.h>\n#include <stdlib.h>\nint x;\n' | ignores
echo 'int x;' | ignores -Isrc -Iquote
i=0
while [ $i -lt 40 ]; do # enough misses for folders to be listed
    mkdir -p many/$i
    echo "int v$i;" >many/$i/h$i.h
    echo "#include <h$i.h>"
    i=$((i + 1))
done >src/includes.h
cp hit many/20/last.h
echo '#include <last.h>' >>src/includes.h
echo '#include "includes.h"' | sees $(i=0; while [ $i -lt 40 ]; do echo -Imany/$i; i=$((i + 1)); done)
