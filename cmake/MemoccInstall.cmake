# What users get, in the build tree and in an install alike: bin/memocc, the
# libraries, memo.h, <libdir>/memocc/link.flags (what an executable needs besides
# libmemocc.a, a flag a line; read by memocc), the manual, a CMake package and
# a pkg-config file. Nothing in them holds the install prefix: a prefix may move.

include(CMakePackageConfigHelpers)

# -- link.flags

set(link_flags ${memocc_instrumentation})
if(MEMOCC_LMDB_STATIC)
    list(APPEND link_flags ${MEMOCC_LMDB_STATIC})
else()
    list(APPEND link_flags -llmdb)
endif()
list(APPEND link_flags -pthread)
list(JOIN link_flags "\n" link_flags_text)
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/lib/memocc/link.flags CONTENT "${link_flags_text}\n")
install(FILES ${PROJECT_BINARY_DIR}/lib/memocc/link.flags
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/memocc)

# -- programs, libraries, header, manual

if(TARGET memocc)
    install(TARGETS memocc RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
if(TARGET libmemocc_static)
    install(TARGETS libmemocc_static libmemocc_shared
            ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
            LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endif()
set(memo_h ${PROJECT_SOURCE_DIR}/runtime/include/memo.h)
if(EXISTS ${memo_h})
    configure_file(${memo_h} ${PROJECT_BINARY_DIR}/include/memo.h COPYONLY)
    install(FILES ${memo_h} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
endif()
install(FILES ${PROJECT_SOURCE_DIR}/docs/man/memocc.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

# -- CMake package

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/memocc)
list(JOIN link_flags ";" memocc_package_link_flags)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/memoccConfig.cmake.in
    ${PROJECT_BINARY_DIR}/package/memoccConfig.cmake
    INSTALL_DESTINATION ${package_dir}
    PATH_VARS CMAKE_INSTALL_BINDIR CMAKE_INSTALL_LIBDIR CMAKE_INSTALL_INCLUDEDIR
    NO_CHECK_REQUIRED_COMPONENTS_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/memoccConfigVersion.cmake
                                 COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/package/memoccConfig.cmake
              ${PROJECT_BINARY_DIR}/package/memoccConfigVersion.cmake
              ${PROJECT_SOURCE_DIR}/cmake/MemoccEnable.cmake
        DESTINATION ${package_dir})

# -- pkg-config: by hand, the static runtime is what needs no search path at run time

file(RELATIVE_PATH pc_prefix ${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_LIBDIR}/pkgconfig
     ${CMAKE_INSTALL_PREFIX})
list(JOIN link_flags " " pc_link_flags)
set(pc_openmp ${memocc_openmp_library})
if(pc_openmp MATCHES "/libgomp\\.[^/]*$")
    set(pc_openmp -lgomp)
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/memocc.pc.in ${PROJECT_BINARY_DIR}/package/memocc.pc
               @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/memocc.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
