# memocc_enable(target [SHARED url] [NO_OPENMP])
#
# Compiles the C sources of `target` with memocc in front of the compiler (and
# in front of its launcher, say ccache), links it by memocc with the runtime, and
# makes <memo.h> known. For an executable, a library of any kind, or an object library; with
# the Makefile and Ninja generators, since others know no launcher.
#
# NO_OPENMP: `#pragma concurrent` and `#pragma synchronized` are ignored, and the target
# is serial. SHARED belongs to the shared tier.
function(memocc_enable target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "NO_OPENMP" "SHARED" "")
    if(NOT TARGET ${target})
        message(FATAL_ERROR "memocc_enable: there is no target '${target}'")
    endif()
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "memocc_enable(${target}): unknown argument '${arg_UNPARSED_ARGUMENTS}'; "
                            "known: SHARED url, NO_OPENMP")
    endif()
    if(DEFINED arg_SHARED OR "SHARED" IN_LIST arg_KEYWORDS_MISSING_VALUES)
        message(FATAL_ERROR "memocc_enable(${target}): SHARED is not in this version of memocc; "
                            "the tiers are memory and disk")
    endif()
    if(NOT CMAKE_GENERATOR MATCHES "Make|Ninja")
        message(FATAL_ERROR "memocc_enable: the generator '${CMAKE_GENERATOR}' has no compiler "
                            "launchers; use Ninja or Unix Makefiles")
    endif()
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "INTERFACE_LIBRARY")
        message(FATAL_ERROR "memocc_enable: '${target}' compiles nothing (INTERFACE)")
    endif()
    get_target_property(launcher ${target} C_COMPILER_LAUNCHER)
    if(NOT launcher)
        set(launcher "")
    endif()
    get_target_property(memocc memocc::compiler IMPORTED_LOCATION)
    if("${memocc}" IN_LIST launcher)
        return()
    endif()
    if(arg_NO_OPENMP)
        list(PREPEND launcher --memo-no-openmp)
    endif()
    list(PREPEND launcher "${memocc}")
    set_target_properties(${target} PROPERTIES C_COMPILER_LAUNCHER "${launcher}")

    # Linked by memocc, the program gets a table of the code that each function depends
    # on; from CMake 3.21 on. Without it, functions depend on the program as a whole.
    if(type MATCHES "^(EXECUTABLE|SHARED_LIBRARY|MODULE_LIBRARY)$")
        get_target_property(launcher ${target} C_LINKER_LAUNCHER)
        if(NOT launcher)
            set(launcher "")
        endif()
        list(PREPEND launcher "${memocc}")
        set_target_properties(${target} PROPERTIES C_LINKER_LAUNCHER "${launcher}")
    endif()

    # Properties rather than target_link_libraries(): that one can't be mixed with
    # the user's own calls of it, with and without PUBLIC and PRIVATE. As PRIVATE
    # does: whoever links a static library links the runtime too.
    set_property(TARGET ${target} APPEND PROPERTY LINK_LIBRARIES memocc::memocc)
    if(type STREQUAL "STATIC_LIBRARY" OR type STREQUAL "OBJECT_LIBRARY")
        set_property(TARGET ${target} APPEND PROPERTY INTERFACE_LINK_LIBRARIES
                     $<LINK_ONLY:memocc::memocc>)
    endif()
endfunction()
