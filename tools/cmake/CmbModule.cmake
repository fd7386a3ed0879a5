# One folder of source is one module.
#
#   cmb_module(NAME DIR dir [PURE] [UNITY] [UNITY_TESTS] [DEPS target…] [TEST_DEPS target…])
#
# PURE: it knows neither the schemas nor fmt.
# UNITY, UNITY_TESTS: its files, its tests are compiled eight at a time, since reading
# headers is most of what they cost. Their unnamed namespaces are then one.
#
# dir/*.cc without *_test.cc and *_main.cc becomes the static library
# cmb_NAME; dir/*_test.cc becomes the program cmb_NAME_test, a test of ctest.
# dir/X_fuzz.cc becomes the program X_fuzz and the test X_fuzz, which replays dir/X_corpus;
# with CMB_FUZZ the program is libFuzzer's (tools/fuzz).
# Includes are written from the top of the project.
if(CMB_FUZZ)  # Of the compiler that has libFuzzer nobody asks for warnings.
  set(CMB_WARNINGS "")
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  add_link_options(-fsanitize=address,undefined)
else()
  set(CMB_WARNINGS -Wall -Wextra -Wconversion -Werror)
endif()
# g++ 12 sees overlapping memcpys in "text" + std::string when it optimises
# (GCC bug 105329, mended in 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND CMB_WARNINGS -Wno-restrict)
  # The same of a header that was read before; a build behind a compiler cache still asks.
  if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
    list(APPEND CMB_WARNINGS -Wno-array-bounds)
  endif()
endif()

function(cmb_warn TARGET)
  target_compile_options(${TARGET} PRIVATE ${CMB_WARNINGS})
endfunction()

# Reading headers is most of what a file costs, so what many of them read is read once:
# cmb_read_schemas for who speaks of the schemas, cmb_read_gtest for tests, and both.
# Not behind a compiler cache, which has its own ways; there, what a file includes is all
# that it sees.
set(CMB_SCHEMAS <fmt/format.h> <algorithm> <functional> <map> <optional> <string> <variant> <vector>
    <cmb/ack/v1/message.pb.h> <cmb/control/v1/control.pb.h>)

function(cmb_read NAME)
  cmake_parse_arguments(ARG "" "" "OPTIONS;DEPS;HEADERS" ${ARGN})
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/${NAME}.cc CONTENT "")
  add_library(${NAME} OBJECT ${PROJECT_BINARY_DIR}/${NAME}.cc)
  cmb_warn(${NAME})
  target_compile_options(${NAME} PRIVATE ${ARG_OPTIONS})
  target_link_libraries(${NAME} PRIVATE ${ARG_DEPS})
  target_precompile_headers(${NAME} PRIVATE ${ARG_HEADERS})
endfunction()

if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  cmb_read(cmb_read_schemas DEPS cmb_proto fmt::fmt HEADERS ${CMB_SCHEMAS})
  if(CMB_TESTS)
    cmb_read(cmb_read_gtest OPTIONS -O0 DEPS GTest::gtest_main HEADERS <gtest/gtest.h>)
    cmb_read(cmb_read_gtest_schemas OPTIONS -O0 DEPS GTest::gtest_main cmb_proto fmt::fmt
             HEADERS <gtest/gtest.h> ${CMB_SCHEMAS})
  endif()
endif()

# TARGET is compiled with what READ has read, if there is such a thing.
function(cmb_reuse TARGET READ)
  if(TARGET ${READ})
    target_precompile_headers(${TARGET} REUSE_FROM ${READ})
  endif()
endfunction()

# What replays a corpus where there is no libFuzzer.
if(NOT CMB_FUZZ)
  add_library(cmb_replay_corpus OBJECT ${PROJECT_SOURCE_DIR}/tools/cmake/replay_corpus_main.cc)
  cmb_warn(cmb_replay_corpus)
endif()
add_custom_target(fuzz_targets)

function(cmb_fuzz FILE)
  cmake_path(GET FILE STEM TARGET)
  string(REGEX REPLACE "_fuzz\\.cc$" "_corpus" CORPUS ${FILE})
  add_executable(${TARGET} ${FILE})
  cmb_warn(${TARGET})
  target_link_libraries(${TARGET} PRIVATE ${ARGN} rapidcheck)
  add_dependencies(fuzz_targets ${TARGET})
  if(CMB_FUZZ)
    target_link_options(${TARGET} PRIVATE -fsanitize=fuzzer)
  else()
    target_link_libraries(${TARGET} PRIVATE cmb_replay_corpus)
    add_test(NAME ${TARGET} COMMAND ${TARGET} ${CORPUS} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${TARGET} PROPERTIES TIMEOUT 120)
  endif()
endfunction()

function(cmb_module NAME)
  cmake_parse_arguments(ARG "PURE;UNITY;UNITY_TESTS" "DIR" "DEPS;TEST_DEPS" ${ARGN})
  file(GLOB SOURCES CONFIGURE_DEPENDS ${ARG_DIR}/*.cc)
  file(GLOB TESTS CONFIGURE_DEPENDS ${ARG_DIR}/*_test.cc)
  list(FILTER SOURCES EXCLUDE REGEX "_(test|main|fuzz)\\.cc$")
  if(SOURCES)
    add_library(cmb_${NAME} STATIC ${SOURCES})
    cmb_warn(cmb_${NAME})
    set_target_properties(cmb_${NAME} PROPERTIES UNITY_BUILD ${ARG_UNITY} UNITY_BUILD_BATCH_SIZE 8)
    if(NOT ARG_PURE)
      cmb_reuse(cmb_${NAME} cmb_read_schemas)
    endif()
    set(SCOPE PUBLIC)
  else()
    add_library(cmb_${NAME} INTERFACE)
    set(SCOPE INTERFACE)
  endif()
  target_include_directories(cmb_${NAME} ${SCOPE} $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_compile_features(cmb_${NAME} ${SCOPE} cxx_std_20)
  target_link_libraries(cmb_${NAME} ${SCOPE} ${ARG_DEPS})
  if(CMB_TESTS AND TESTS)
    add_executable(cmb_${NAME}_test ${TESTS})
    cmb_warn(cmb_${NAME}_test)
    set_target_properties(cmb_${NAME}_test PROPERTIES UNITY_BUILD ${ARG_UNITY_TESTS}
                                                      UNITY_BUILD_BATCH_SIZE 8)
    # What is tested is optimised; the tests themselves only have to compile fast.
    target_compile_options(cmb_${NAME}_test PRIVATE -O0)
    target_link_libraries(cmb_${NAME}_test PRIVATE cmb_${NAME} ${ARG_TEST_DEPS} GTest::gtest_main
                                                   rapidcheck)
    if(ARG_PURE)
      cmb_reuse(cmb_${NAME}_test cmb_read_gtest)
    else()
      cmb_reuse(cmb_${NAME}_test cmb_read_gtest_schemas)
    endif()
    target_compile_definitions(cmb_${NAME}_test PRIVATE CMB_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                                                        CMB_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    add_test(NAME ${NAME} COMMAND cmb_${NAME}_test WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
    set_tests_properties(${NAME} PROPERTIES TIMEOUT 300)
  endif()
  file(GLOB FUZZED CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_DIR}/*_fuzz.cc)
  if(CMB_TESTS OR CMB_FUZZ)
    foreach(FILE ${FUZZED})
      cmb_fuzz(${FILE} cmb_${NAME} ${ARG_TEST_DEPS})
    endforeach()
  endif()
endfunction()

# cmb_program(NAME MAIN file.cc DEPS target…): a program bin/NAME.
function(cmb_program NAME)
  cmake_parse_arguments(ARG "" "MAIN" "DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_MAIN})
  cmb_warn(${NAME})
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${NAME} PRIVATE ${ARG_DEPS})
  cmb_reuse(${NAME} cmb_read_schemas)
endfunction()

# cmb_cold(file.cc…): files of this folder that run once in a process, flags above
# all. Their headers are heavy and optimising them gains nothing that could be
# noticed, so they are made to compile fast. Not with -O0: of a function that many
# objects have the linker takes any, and from then on all would run that one.
function(cmb_cold)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O1 SKIP_PRECOMPILE_HEADERS ON)
endfunction()
