# What memocc is built from: interface targets, memocc_libclang (headers only:
# the library is loaded when it is needed), memocc_lmdb, memocc_xxhash (header
# only), and memocc_openmp, with which our own tests are linked. Each missing one is an error that names Debian's package.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# The oldest libclang there is, 14 at least: what compiles against its headers
# works with every later one.
if(NOT MEMOCC_CLANG_C_INCLUDE_DIR)
    file(GLOB candidates /usr/lib/llvm-*/include /usr/local/lib/llvm-*/include)
    list(SORT candidates COMPARE NATURAL)
    list(FILTER candidates EXCLUDE REGEX "llvm-([0-9]|1[0-3])/")
    find_path(MEMOCC_CLANG_C_INCLUDE_DIR clang-c/Index.h HINTS ${candidates} NO_DEFAULT_PATH
              DOC "Folder that holds clang-c/Index.h of libclang 14 or newer")
    find_path(MEMOCC_CLANG_C_INCLUDE_DIR clang-c/Index.h)
endif()
if(NOT MEMOCC_CLANG_C_INCLUDE_DIR)
    message(FATAL_ERROR "clang-c/Index.h not found: install libclang-dev, 14 or newer, "
                        "or set MEMOCC_CLANG_C_INCLUDE_DIR")
endif()
add_library(memocc_libclang INTERFACE)
target_include_directories(memocc_libclang SYSTEM INTERFACE ${MEMOCC_CLANG_C_INCLUDE_DIR})

# liblmdb.a where there is one: programs then carry what their cache needs.
find_path(MEMOCC_LMDB_INCLUDE_DIR lmdb.h DOC "Folder that holds lmdb.h")
find_library(MEMOCC_LMDB_STATIC liblmdb.a DOC "Static LMDB")
find_library(MEMOCC_LMDB_LIBRARY lmdb DOC "LMDB")
mark_as_advanced(MEMOCC_CLANG_C_INCLUDE_DIR MEMOCC_LMDB_INCLUDE_DIR MEMOCC_LMDB_STATIC
                 MEMOCC_LMDB_LIBRARY)
if(NOT MEMOCC_LMDB_INCLUDE_DIR OR NOT (MEMOCC_LMDB_STATIC OR MEMOCC_LMDB_LIBRARY))
    message(FATAL_ERROR "LMDB not found: install liblmdb-dev")
endif()
add_library(memocc_lmdb INTERFACE)
target_include_directories(memocc_lmdb SYSTEM INTERFACE ${MEMOCC_LMDB_INCLUDE_DIR})

# liblmdb.a goes into libmemocc.so only if it is position independent.
if(MEMOCC_LMDB_STATIC)
    try_compile(MEMOCC_LMDB_STATIC_IS_PIC ${PROJECT_BINARY_DIR}/CMakeFiles/lmdb-pic
                ${PROJECT_SOURCE_DIR}/cmake/probe-lmdb lmdb_pic
                CMAKE_FLAGS "-DLMDB=${MEMOCC_LMDB_STATIC}" "-DLMDB_INCLUDE=${MEMOCC_LMDB_INCLUDE_DIR}")
endif()
if(MEMOCC_LMDB_STATIC AND MEMOCC_LMDB_STATIC_IS_PIC)
    set(memocc_lmdb_link ${MEMOCC_LMDB_STATIC})
elseif(MEMOCC_LMDB_LIBRARY)
    set(memocc_lmdb_link ${MEMOCC_LMDB_LIBRARY})
else()
    message(FATAL_ERROR "${MEMOCC_LMDB_STATIC} can't be linked into a shared library, "
                        "and there is no liblmdb.so: install liblmdb-dev")
endif()
target_link_libraries(memocc_lmdb INTERFACE ${memocc_lmdb_link})

find_path(MEMOCC_XXHASH_INCLUDE_DIR xxhash.h DOC "Folder that holds xxhash.h, 0.8 or newer")
mark_as_advanced(MEMOCC_XXHASH_INCLUDE_DIR)
if(NOT MEMOCC_XXHASH_INCLUDE_DIR)
    message(FATAL_ERROR "xxhash.h not found: install libxxhash-dev")
endif()
add_library(memocc_xxhash INTERFACE)
target_include_directories(memocc_xxhash SYSTEM INTERFACE ${MEMOCC_XXHASH_INCLUDE_DIR})

# The OpenMP runtime that belongs to the compiler. Programs get that of their own.
find_package(OpenMP QUIET COMPONENTS C)
set(memocc_openmp_library "")
foreach(library IN LISTS OpenMP_C_LIBRARIES)
    if(library MATCHES "/lib(gomp|omp|iomp5)\\.[^/]*$")
        set(memocc_openmp_library ${library})
    endif()
endforeach()
if(NOT memocc_openmp_library)
    message(FATAL_ERROR "the compiler has no OpenMP runtime: install gcc's libgomp, "
                        "or for clang libomp-dev")
endif()
add_library(memocc_openmp INTERFACE)
target_link_libraries(memocc_openmp INTERFACE
                      "-Wl,--push-state,--as-needed,${memocc_openmp_library},--pop-state")
