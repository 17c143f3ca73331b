#pra\
gma me\
mo in(p) /* a

b */ out(q) // c \
 pure
%:pragma memo
# /* x */ pragma memo /* open-less */ pure
_Pragma("memo name(\"a\\n\")") _Pragma ( L"memo in(p[:n])" ) u8"x"
_Pragma("GCC push_options")
#pragma GCC optimize("O3")
"#pragma memo" 'x' // #pragma memo
R"x(
#pragma memo
)x"
#if 0
don't
#endif
#include <it's>
