# Headers made at build time, in <build>/generated.

set(abi_header ${PROJECT_SOURCE_DIR}/runtime/include/memo_abi.h)
set(abi_text ${PROJECT_BINARY_DIR}/generated/memo_abi_text.h)
add_custom_command(
    OUTPUT ${abi_text}
    COMMAND ${CMAKE_COMMAND} -DIN=${abi_header} -DOUT=${abi_text}
            -P ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
    DEPENDS ${abi_header} ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
    COMMENT "Generating memo_abi_text.h" VERBATIM)
add_custom_target(memocc_generated DEPENDS ${abi_text})
