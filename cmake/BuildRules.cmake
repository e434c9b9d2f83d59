# What every target of the project is built with; linked PRIVATE, so nothing leaks out.

option(COOP_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

add_library(build_rules INTERFACE)
target_compile_definitions(
  build_rules
  INTERFACE _POSIX_C_SOURCE=200809L
            _DEFAULT_SOURCE
            COOP_VERSION="${PROJECT_VERSION}"
            COOP_SCHEMAS_DIR="${CMAKE_INSTALL_FULL_DATADIR}/cooptrack/schemas"
            COOP_SQL_DIR="${CMAKE_INSTALL_FULL_DATADIR}/cooptrack/sql")
target_compile_options(
  build_rules INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
                        -Wformat=2 -Wvla -fno-strict-overflow -fstack-protector-strong
                        -include ${PROJECT_SOURCE_DIR}/common/base/banned.h)
target_include_directories(build_rules INTERFACE ${PROJECT_SOURCE_DIR})

if(COOP_SANITIZE)
  target_compile_options(build_rules INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                               -fno-omit-frame-pointer)
  target_link_options(build_rules INTERFACE -fsanitize=address,undefined)
  if(CMAKE_C_COMPILER_ID STREQUAL "Clang")
    # Coverage for the fuzzers; costs the other programs little.
    target_compile_options(build_rules INTERFACE -fsanitize=fuzzer-no-link)
  endif()
endif()

# coop_library(NAME SOURCES... LINKS...): one static library a folder. Its link line says what it may use.
function(coop_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE build_rules PUBLIC ${arg_LINKS})
endfunction()

# coop_program(NAME SOURCES... LINKS...): an installed executable.
function(coop_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE build_rules ${arg_LINKS})
  install(TARGETS ${name} RUNTIME)
endfunction()
