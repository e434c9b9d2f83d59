# The simulation: worlds of seeds, without Kafka and PostgreSQL. Read by tests/CMakeLists.txt.

file(GLOB simulation_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c
     ${CMAKE_CURRENT_LIST_DIR}/*/*.c)
add_executable(simulation ${simulation_sources})
target_link_libraries(simulation PRIVATE build_rules coop_consumer)

add_test(NAME simulation.worlds COMMAND simulation --seeds 4000)
add_test(NAME simulation.same_again COMMAND simulation --seeds 300 --from 1000001 --twice)
set_tests_properties(simulation.worlds simulation.same_again PROPERTIES LABELS simulation TIMEOUT 300)
