# Who may include whom. A layer is a name, patterns of its files, and the layers
# whose headers those may include besides their own. A file in no layer fails:
# a new module has to say where it belongs.
#
# cmake -DSOURCE=<repository> -P test_includes.cmake

cmake_minimum_required(VERSION 3.20)
set(failures 0)
set(layers "")

function(layer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FILES;USES")
    set(layers ${layers} ${name} PARENT_SCOPE)
    set(${name}_files ${arg_FILES} PARENT_SCOPE)
    set(${name}_uses ${name} ${arg_USES} PARENT_SCOPE)
endfunction()

# ---- tool: a pipeline of plain data; only frontend*.c see libclang

layer(tool_base FILES tool/base/)
layer(text FILES "tool/(source|diag|nearest)\\." USES tool_base)
layer(annotations FILES "tool/(clex|macro|cexpr[a-z_]*|sites|pragma[a-z_]*)\\." USES tool_base text)
layer(facts FILES "tool/(facts|node)\\." USES tool_base text)
layer(request FILES "tool/unit\\.h" USES tool_base) # what a unit is made from
layer(frontend FILES "tool/(frontend[a-z_]*|libclang)\\."
      USES request tool_base text facts annotations)
layer(analysis
      FILES "tool/(effects[a-z_]*|shape|libcalls|fingerprint[a-z_]*|check[a-z_]*|plan[a-z_]*|memo_abi_flags|concurrent|reach[a-z_]*|stmt|touch[a-z_]*|depend[a-z_]*|affine[a-z_]*|sync[a-z_]*)\\."
      USES request tool_base text annotations facts frontend contract)
layer(emission FILES "tool/(emit[a-z_]*|edit)\\."
      USES request tool_base text annotations facts frontend analysis objects contract)
layer(unit FILES "tool/(unit[a-z_]*\\.c|unit_[a-z_]*\\.h|annotations|asks|diag_verify|explain)"
      USES request tool_base text annotations facts frontend analysis emission objects contract)
layer(objects FILES "tool/(elf_file|x86|objfile|section)\\." USES tool_base)
layer(program FILES "tool/program[a-z_0-9]*\\." USES tool_base text facts analysis objects)
layer(driver FILES "tool/(main|driver[a-z_]*|options|scan[a-z_]*|ccargs|compiler|deliver|link[a-z_]*)\\."
      USES request tool_base text objects program)

# ---- runtime: base, then siblings that don't know each other, joined by abi.c

layer(contract FILES "runtime/include/")
layer(runtime_base FILES runtime/base/ USES contract)
layer(key FILES runtime/key/ USES runtime_base contract)
layer(store FILES runtime/store/ USES runtime_base contract)
layer(cache FILES runtime/cache/ USES key store runtime_base contract)
layer(task FILES runtime/task/ USES key store runtime_base contract)
layer(checkpoint FILES runtime/checkpoint/ USES key store runtime_base contract)
layer(abi FILES "runtime/abi[a-z_]*\\."
      USES cache task checkpoint key store runtime_base contract)

# System headers that stand in few places: header, pattern of the files.
set(restricted
    "clang-c/" "tool/(frontend[a-z_]*|libclang)\\.(c|h|def)$"
    "lmdb\\.h" "runtime/store/(store_lmdb\\.c|mdb_open\\.[ch])$"
    "omp\\.h" "runtime/task/")

function(layer_of out path)
    foreach(name IN LISTS layers)
        foreach(pattern IN LISTS ${name}_files)
            if(path MATCHES "^${pattern}")
                set(${out} ${name} PARENT_SCOPE)
                return()
            endif()
        endforeach()
    endforeach()
    set(${out} "" PARENT_SCOPE)
endfunction()

macro(fail)
    message("${ARGN}")
    math(EXPR failures "${failures} + 1")
endmacro()

file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/tool/*.[ch] ${SOURCE}/tool/*.def
     ${SOURCE}/runtime/*.[ch] ${SOURCE}/runtime/*.def)
list(LENGTH files n_files)
if(n_files EQUAL 0)
    message(FATAL_ERROR "no source files below ${SOURCE}")
endif()

foreach(path IN LISTS files)
    layer_of(from ${path})
    if(NOT from)
        fail("${path}: in no layer; add its module to tests/layers/test_includes.cmake")
        continue()
    endif()
    get_filename_component(folder ${path} DIRECTORY)
    string(REGEX REPLACE "/.*" "" part ${path})

    file(STRINGS ${SOURCE}/${path} lines REGEX "^[ \t]*#[ \t]*include[ \t]*[\"<]")
    foreach(line IN LISTS lines)
        string(REGEX REPLACE "^[^\"<]*[\"<]([^\">]*).*" "\\1" header "${line}")
        set(rules ${restricted})
        while(rules)
            list(POP_FRONT rules pattern allowed)
            if(header MATCHES "^${pattern}" AND NOT path MATCHES "${allowed}")
                fail("${path}: includes <${header}>, which only ${allowed} may")
            endif()
        endwhile()
        # The file that is meant: beside this one, or from the root of its part.
        set(target "")
        foreach(candidate ${folder}/${header} ${part}/${header} ${part}/include/${header}
                          runtime/include/${header})
            if(line MATCHES "\"" AND EXISTS ${SOURCE}/${candidate} AND NOT target)
                get_filename_component(target ${SOURCE}/${candidate} ABSOLUTE)
                file(RELATIVE_PATH target ${SOURCE} ${target})
            endif()
        endforeach()
        if(NOT target)
            continue()
        endif()
        layer_of(to ${target})
        if(NOT to IN_LIST ${from}_uses)
            fail("${path} (${from}): may not include ${target} (${to}); it may include: ${${from}_uses}")
        endif()
    endforeach()
endforeach()

if(failures)
    message(FATAL_ERROR "${failures} includes against the layers")
endif()
message("${n_files} files")
