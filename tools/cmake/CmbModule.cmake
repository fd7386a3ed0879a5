# One folder of source is one module.
#
#   cmb_module(NAME DIR dir [UNITY] [UNITY_TESTS] [DEPS target…] [TEST_DEPS target…])
#
# UNITY, UNITY_TESTS: its files, its tests are compiled eight at a time, since reading
# headers is most of what they cost. Their unnamed namespaces are then one.
#
# dir/*.cc without *_test.cc and *_main.cc becomes the static library
# cmb_NAME; dir/*_test.cc becomes the program cmb_NAME_test, a test of ctest.
# Includes are written from the top of the project.
set(CMB_WARNINGS -Wall -Wextra -Wconversion -Werror)
# g++ 12 sees overlapping memcpys in "text" + std::string when it optimises
# (GCC bug 105329, mended in 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  list(APPEND CMB_WARNINGS -Wno-restrict)
endif()

function(cmb_warn TARGET)
  target_compile_options(${TARGET} PRIVATE ${CMB_WARNINGS})
endfunction()

# Reading <gtest/gtest.h> is most of what a test file costs, so all tests share one
# that is read already. Not behind a compiler cache, which has its own ways.
if(CMB_TESTS AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/read_gtest.cc CONTENT "")
  add_library(cmb_read_gtest OBJECT ${CMAKE_BINARY_DIR}/read_gtest.cc)
  cmb_warn(cmb_read_gtest)
  target_compile_options(cmb_read_gtest PRIVATE -O0)
  target_link_libraries(cmb_read_gtest PRIVATE GTest::gtest_main)
  target_precompile_headers(cmb_read_gtest PRIVATE <gtest/gtest.h>)
endif()

function(cmb_module NAME)
  cmake_parse_arguments(ARG "UNITY;UNITY_TESTS" "DIR" "DEPS;TEST_DEPS" ${ARGN})
  file(GLOB SOURCES CONFIGURE_DEPENDS ${ARG_DIR}/*.cc)
  file(GLOB TESTS CONFIGURE_DEPENDS ${ARG_DIR}/*_test.cc)
  list(FILTER SOURCES EXCLUDE REGEX "_(test|main)\\.cc$")
  if(SOURCES)
    add_library(cmb_${NAME} STATIC ${SOURCES})
    cmb_warn(cmb_${NAME})
    set_target_properties(cmb_${NAME} PROPERTIES UNITY_BUILD ${ARG_UNITY} UNITY_BUILD_BATCH_SIZE 8)
    set(SCOPE PUBLIC)
  else()
    add_library(cmb_${NAME} INTERFACE)
    set(SCOPE INTERFACE)
  endif()
  target_include_directories(cmb_${NAME} ${SCOPE} ${CMAKE_SOURCE_DIR})
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
    if(TARGET cmb_read_gtest)
      target_precompile_headers(cmb_${NAME}_test REUSE_FROM cmb_read_gtest)
    endif()
    target_compile_definitions(cmb_${NAME}_test PRIVATE CMB_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
                                                        CMB_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    add_test(NAME ${NAME} COMMAND cmb_${NAME}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${NAME} PROPERTIES TIMEOUT 300)
  endif()
endfunction()

# cmb_program(NAME MAIN file.cc DEPS target…): a program bin/NAME.
function(cmb_program NAME)
  cmake_parse_arguments(ARG "" "MAIN" "DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_MAIN})
  cmb_warn(${NAME})
  target_include_directories(${NAME} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${NAME} PRIVATE ${ARG_DEPS})
endfunction()

# cmb_cold(file.cc…): files of this folder that run once in a process, flags and
# settings above all. Their headers are heavy and optimising them gains nothing
# that could be noticed, so they are only made to compile fast.
function(cmb_cold)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -O0)
endfunction()
