# What others link, and the packages.
#
#   cmake --install build/release --prefix DIR [--component suite|reference|dev]
#   find_package(cmb_ack COMPONENTS endpoint)   then cmb_ack::endpoint, or cmb_ack::proto, cmb_ack::wire,
#                                               cmb_ack::extras (a store, logs, metrics: what endpoints need not have)
#   pkg-config --cflags --libs cmb-ack-endpoint
#   cpack --config build/release/CPackConfig.cmake
#
# Components are found each with what it rests on, so that who speaks the schemas alone needs no ZeroMQ.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(CMB_PACKAGE ${CMAKE_INSTALL_LIBDIR}/cmake/cmb_ack)
set(CMB_INCLUDE ${CMAKE_INSTALL_INCLUDEDIR}/cmb_ack)
file(RELATIVE_PATH CMB_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)

# cmb_export(COMPONENT TARGETS cmb_x…): they are cmb_ack::x, installed, and in other projects' trees, too.
function(cmb_export COMPONENT)
  cmake_parse_arguments(ARG "" "" TARGETS ${ARGN})
  foreach(TARGET ${ARG_TARGETS})
    string(REPLACE cmb_ "" NAME ${TARGET})
    set_target_properties(${TARGET} PROPERTIES EXPORT_NAME ${NAME})
    add_library(cmb_ack::${NAME} ALIAS ${TARGET})
  endforeach()
  install(TARGETS ${ARG_TARGETS} EXPORT ${COMPONENT} COMPONENT dev INCLUDES DESTINATION ${CMB_INCLUDE})
  install(EXPORT ${COMPONENT} NAMESPACE cmb_ack:: DESTINATION ${CMB_PACKAGE} COMPONENT dev
          FILE cmb_ack-${COMPONENT}.cmake)
  file(READ ${PROJECT_SOURCE_DIR}/tools/cmake/cmb-ack-${COMPONENT}.pc.in TEXT)
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/cmb-ack-${COMPONENT}.pc CONTENT "${TEXT}" @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/cmb-ack-${COMPONENT}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
          COMPONENT dev)
endfunction()

# cmb_headers(DIRECTORY dir [DESTINATION under])
function(cmb_headers)
  cmake_parse_arguments(ARG "" "DIRECTORY;DESTINATION" "" ${ARGN})
  install(DIRECTORY ${ARG_DIRECTORY} DESTINATION ${CMB_INCLUDE}/${ARG_DESTINATION} COMPONENT dev
          FILES_MATCHING PATTERN *.h PATTERN *test* EXCLUDE PATTERN testing EXCLUDE PATTERN walk EXCLUDE
          PATTERN *_corpus EXCLUDE)
endfunction()

# After all components: how they are found, and the packages. No package of a project that has this one inside.
function(cmb_packages)
  configure_package_config_file(${PROJECT_SOURCE_DIR}/tools/cmake/cmb_ackConfig.cmake.in
    ${PROJECT_BINARY_DIR}/cmb_ackConfig.cmake INSTALL_DESTINATION ${CMB_PACKAGE})
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/cmb_ackConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/cmb_ackConfig.cmake ${PROJECT_BINARY_DIR}/cmb_ackConfigVersion.cmake
          DESTINATION ${CMB_PACKAGE} COMPONENT dev)
  if(NOT PROJECT_IS_TOP_LEVEL)
    return()
  endif()
  foreach(COMPONENT suite reference dev)
    install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION share/doc/cmb-ack-${COMPONENT} RENAME copyright
            COMPONENT ${COMPONENT})
    install(FILES ${PROJECT_SOURCE_DIR}/CHANGELOG.md DESTINATION share/doc/cmb-ack-${COMPONENT}
            COMPONENT ${COMPONENT})
  endforeach()
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME cmb-ack)
  set(CPACK_PACKAGE_CONTACT "The CMB-ACK project <cmb-ack@example.org>")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_COMPONENTS_ALL suite dev)
  if(TARGET cmb-router)
    list(APPEND CPACK_COMPONENTS_ALL reference)
  endif()
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_SUITE_DESCRIPTION "The conformance suite, the specification and the scenarios")
  set(CPACK_DEBIAN_REFERENCE_DESCRIPTION "The router, and the reference behind its harness")
  set(CPACK_DEBIAN_DEV_DESCRIPTION "The schemas and the endpoint, for C++ programs")
  set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
      "libprotobuf-dev, libzmq3-dev, cppzmq-dev, libfmt-dev, libspdlog-dev, libsqlite3-dev, prometheus-cpp-dev, libcivetweb-dev")
  include(CPack)
endfunction()
