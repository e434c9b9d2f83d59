# What an installed Cooptrack has beside its programs, schemas and sql; and the Debian package made of it: see preset "package".

# Pages of the manual, made by the programs that they describe.
file(GLOB man_inputs CONFIGURE_DEPENDS docs/generate docs/man.awk)
set(man_pages coop-outreach.1 coop-agreement.1 coop-training.1 coop-report.1 coop-consumer.8 coop-admin.8)
set(man_files)
foreach(page ${man_pages})
  string(REGEX REPLACE "\\.[0-9]$" "" program ${page})
  string(REGEX REPLACE "^.*\\." "" section ${page})
  set(man_file ${PROJECT_BINARY_DIR}/man/${page})
  add_custom_command(
    OUTPUT ${man_file}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/man
    COMMAND ${PROJECT_SOURCE_DIR}/docs/generate man ${PROJECT_BINARY_DIR} ${program} > ${man_file}
    DEPENDS ${program} ${man_inputs}
    VERBATIM)
  list(APPEND man_files ${man_file})
  install(FILES ${man_file} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
add_custom_target(man ALL DEPENDS ${man_files})

# bash looks for a file of the program's name.
install(FILES deploy/completion/cooptrack.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
        RENAME coop-admin)
foreach(program coop-outreach coop-agreement coop-training coop-report coop-consumer)
  install(CODE "file(CREATE_LINK coop-admin
    \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/bash-completion/completions/${program}\" SYMBOLIC)")
endforeach()

# /etc where the programs are in /usr; else below the prefix.
set(settings_dir ${CMAKE_INSTALL_SYSCONFDIR})
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(settings_dir ${CMAKE_INSTALL_FULL_SYSCONFDIR})
endif()

configure_file(deploy/systemd/coop-consumer.service.in coop-consumer.service @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/coop-consumer.service DESTINATION lib/systemd/system)
install(FILES deploy/systemd/cooptrack.conf DESTINATION lib/sysusers.d)
install(FILES deploy/systemd/consumer.env DESTINATION ${settings_dir}/cooptrack)
install(FILES deploy/prometheus/rules.yml DESTINATION ${CMAKE_INSTALL_DATADIR}/cooptrack/prometheus)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME cooptrack)
set(CPACK_PACKAGE_VENDOR "The Cooptrack authors")
set(CPACK_PACKAGE_CONTACT "The Cooptrack authors <cooptrack@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION
    "Three programs publish events to Apache Kafka in Avro, a consumer writes them into PostgreSQL, exactly once in effect, and reports are read as SQL.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_SET_DESTDIR ON) # for what lies in /etc
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "systemd, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql-client, prometheus")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/deploy/debian/postinst ${PROJECT_SOURCE_DIR}/deploy/debian/prerm
                                       ${PROJECT_SOURCE_DIR}/deploy/debian/postrm ${PROJECT_SOURCE_DIR}/deploy/debian/conffiles)
include(CPack)
