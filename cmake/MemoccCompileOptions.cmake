# memocc_options: how our own code and its tests are compiled. Users' programs
# never see these, but for sanitizers and coverage, which link.flags passes on
# (MemoccInstall.cmake), because libmemocc.a then needs them.

add_library(memocc_options INTERFACE)
target_compile_options(memocc_options INTERFACE
    -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -fno-omit-frame-pointer
    $<$<BOOL:${MEMOCC_WERROR}>:-Werror>)

set(memocc_instrumentation "")
if(MEMOCC_SANITIZE)
    list(APPEND memocc_instrumentation -fsanitize=${MEMOCC_SANITIZE})
    target_compile_options(memocc_options INTERFACE -fno-sanitize-recover=all)
endif()
if(MEMOCC_COVERAGE)
    list(APPEND memocc_instrumentation --coverage)
endif()
if(MEMOCC_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "MEMOCC_FUZZ needs clang: use the preset fuzz")
    endif()
    target_compile_options(memocc_options INTERFACE -fsanitize=fuzzer-no-link)
    target_link_options(memocc_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
target_compile_options(memocc_options INTERFACE ${memocc_instrumentation})
target_link_options(memocc_options INTERFACE ${memocc_instrumentation})
