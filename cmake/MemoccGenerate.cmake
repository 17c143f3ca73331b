# Headers made at build time, in <build>/generated.

set(abi_texts "")
foreach(name memo_abi memo_task_abi memo_checkpoint_abi)
    set(abi_header ${PROJECT_SOURCE_DIR}/runtime/include/${name}.h)
    set(abi_text ${PROJECT_BINARY_DIR}/generated/${name}_text.h)
    add_custom_command(
        OUTPUT ${abi_text}
        COMMAND ${CMAKE_COMMAND} -DIN=${abi_header} -DOUT=${abi_text}
                -P ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
        DEPENDS ${abi_header} ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
        COMMENT "Generating ${name}_text.h" VERBATIM)
    list(APPEND abi_texts ${abi_text})
endforeach()
add_custom_target(memocc_generated DEPENDS ${abi_texts})
