# banyan_fuzzer(<file>... LINK <targets>... [DICTIONARY <name>])
# One program fuzz.<name> for each file <name>_fuzz.cpp of tests/fuzz, which defines LLVMFuzzerTestOneInput.
# With BANYAN_FUZZ (the preset fuzz) libFuzzer drives it, and its test looks for new findings for FUZZ_SECONDS
# seconds; in every other build its test replays corpora/<name>, as any other test.
include_guard(GLOBAL)

option(BANYAN_FUZZ "Build tests/fuzz with libFuzzer; needs clang" OFF)
# Every fuzzer and what it needs, nothing else.
add_custom_target(banyan_fuzzers)

if(BANYAN_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "BANYAN_FUZZ: libFuzzer comes with clang; configure with: cmake --preset fuzz")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

function(banyan_fuzzer)
  cmake_parse_arguments(PARSE_ARGV 0 F "" "DICTIONARY" "LINK")
  foreach(file IN LISTS F_UNPARSED_ARGUMENTS)
    _banyan_one_fuzzer(${file} "${F_LINK}" "${F_DICTIONARY}")
  endforeach()
endfunction()

function(_banyan_one_fuzzer file links dictionary)
  if(NOT file MATCHES "^([a-z_]+)_fuzz\\.cpp$")
    message(FATAL_ERROR "banyan_fuzzer(): '${file}' does not end with _fuzz.cpp; libraries come after LINK")
  endif()
  set(name ${CMAKE_MATCH_1})
  set(target fuzz.${name})
  set(corpus ${CMAKE_CURRENT_SOURCE_DIR}/corpora/${name})
  if(NOT IS_DIRECTORY ${corpus})
    message(FATAL_ERROR "banyan_fuzzer(): ${file} has no inputs to begin with; put some into ${corpus}")
  endif()
  add_executable(${target} ${file})
  target_link_libraries(${target} PRIVATE ${links} banyan_flags)
  # A decoder is often private to its component: fuzzers say "http/src/request_reader.hpp".
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/runtime ${PROJECT_SOURCE_DIR}/tools)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  _banyan_links(${target} "${CAF_CORE_LIB}" links_caf)
  if(links_caf AND BANYAN_SANITIZE MATCHES "thread")
    return()  # As with _banyan_one_test().
  endif()
  if(BANYAN_FUZZ)
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    set(command ${BANYAN_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/run.py --build ${CMAKE_BINARY_DIR} ${name})
    if(dictionary)
      file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/dictionaries/${dictionary}.dict
           ${CMAKE_BINARY_DIR}/tests/fuzz.${name}.dict SYMBOLIC)
    endif()
  else()
    target_link_libraries(${target} PRIVATE banyan_fuzz_replay)
    set(command ${target} ${corpus})
  endif()
  add_dependencies(banyan_fuzzers ${target})
  add_dependencies(banyan_tests ${target})
  add_test(NAME ${target} COMMAND ${command})
  set_tests_properties(${target} PROPERTIES LABELS fuzz TIMEOUT 120)
  if(BANYAN_FUZZ)
    set_tests_properties(${target} PROPERTIES TIMEOUT 90000)  # run.py ends by itself.
  endif()
endfunction()
