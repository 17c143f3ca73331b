# cmake -DIN=x.h -DOUT=x_text.h -P EmbedText.cmake
#
# Writes `static const char x_text[] = "..."`: the C text of IN without its
# comments, blank lines and trailing blanks, one string literal for each line.
# The text may hold any character but a string or character literal that
# contains the beginning of a comment. Lists are avoided: semicolons and
# brackets of C mean something to CMake's.

file(READ ${IN} text)
get_filename_component(name ${OUT} NAME_WE)
get_filename_component(file ${IN} NAME)

string(REGEX REPLACE "/\\*([^*]|\\*+[^*/])*\\*+/" " " text "${text}")
string(REGEX REPLACE "[ \t]+\n" "\n" text "${text}")
string(REGEX REPLACE "\n\n+" "\n" text "${text}")
string(REGEX REPLACE "^\n+" "" text "${text}")
string(REGEX REPLACE "\n+$" "" text "${text}")
string(REPLACE "\\" "\\\\" text "${text}")
string(REPLACE "\"" "\\\"" text "${text}")
string(REPLACE "\n" "\\n\"\n    \"" text "${text}")

file(WRITE ${OUT} "/* ${file} without its comments; made by cmake/EmbedText.cmake. */
static const char ${name}[] =
    \"${text}\\n\";
")
