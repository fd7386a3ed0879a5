# Finds every library the project needs; a missing one is named together with
# the apt-get line that brings all of them.
set(CMB_MISSING "")

# Adds PACKAGE to the list of what is missing unless VARIABLE is set.
macro(cmb_need VARIABLE PACKAGE)
  if(NOT ${VARIABLE})
    list(APPEND CMB_MISSING ${PACKAGE})
  endif()
endmacro()

find_package(Threads REQUIRED)
find_package(Protobuf QUIET)
find_package(GTest QUIET)
find_package(rapidcheck CONFIG QUIET)
find_package(yaml-cpp CONFIG QUIET)
find_package(fmt CONFIG QUIET)
find_package(spdlog CONFIG QUIET)
find_package(SQLite3 QUIET)
find_package(ZLIB QUIET)
find_package(prometheus-cpp CONFIG QUIET)
find_package(civetweb CONFIG QUIET)
find_path(CMB_ZMQ_HEADER zmq.h)
find_library(CMB_ZMQ_LIBRARY zmq)
find_path(CMB_CPPZMQ_HEADER zmq.hpp)
find_path(CMB_CLI11_HEADER CLI/CLI.hpp)
find_path(CMB_JSON_HEADER nlohmann/json.hpp)
find_path(CMB_PUGIXML_HEADER pugixml.hpp)
find_library(CMB_PUGIXML_LIBRARY pugixml)
# `tools/spec html` and its test.
find_program(CMB_PANDOC pandoc)
find_program(CMB_DOT dot)

cmb_need(Protobuf_FOUND libprotobuf-dev)
cmb_need(Protobuf_PROTOC_EXECUTABLE protobuf-compiler)
cmb_need(GTest_FOUND libgtest-dev)
cmb_need(rapidcheck_FOUND librapidcheck-dev)
cmb_need(yaml-cpp_FOUND libyaml-cpp-dev)
cmb_need(fmt_FOUND libfmt-dev)
cmb_need(spdlog_FOUND libspdlog-dev)
cmb_need(SQLite3_FOUND libsqlite3-dev)
cmb_need(ZLIB_FOUND zlib1g-dev)
cmb_need(prometheus-cpp_FOUND prometheus-cpp-dev)
cmb_need(civetweb_FOUND libcivetweb-dev)
cmb_need(CMB_ZMQ_HEADER libzmq3-dev)
cmb_need(CMB_ZMQ_LIBRARY libzmq3-dev)
cmb_need(CMB_CPPZMQ_HEADER cppzmq-dev)
cmb_need(CMB_CLI11_HEADER libcli11-dev)
cmb_need(CMB_JSON_HEADER nlohmann-json3-dev)
cmb_need(CMB_PUGIXML_HEADER libpugixml-dev)
cmb_need(CMB_PUGIXML_LIBRARY libpugixml-dev)
cmb_need(CMB_PANDOC pandoc)
cmb_need(CMB_DOT graphviz)

if(CMB_MISSING)
  list(REMOVE_DUPLICATES CMB_MISSING)
  list(JOIN CMB_MISSING " " CMB_MISSING)
  message(FATAL_ERROR
    "Missing Debian packages: ${CMB_MISSING}\n"
    "Install them with:\n  apt-get install -y --no-install-recommends ${CMB_MISSING}\n"
    "or run ./tools/conform, which does it for you.")
endif()

# libzmq and cppzmq ship no usable CMake packages on Debian.
add_library(cmb_zmq INTERFACE)
target_include_directories(cmb_zmq SYSTEM INTERFACE ${CMB_ZMQ_HEADER} ${CMB_CPPZMQ_HEADER})
target_link_libraries(cmb_zmq INTERFACE ${CMB_ZMQ_LIBRARY} Threads::Threads)
add_library(cmb_pugixml INTERFACE)
target_link_libraries(cmb_pugixml INTERFACE ${CMB_PUGIXML_LIBRARY})
