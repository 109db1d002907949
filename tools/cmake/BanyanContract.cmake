# banyan_contract(<module> [FOLDER <folder>])
# The static library shop_<module>_contract (shop::<module>_contract): what contractc generates from the
# contract files in <folder>, by default modules/<module>/contract. Its headers are "shop/<module>/….hpp".
# The code is generated while building, into <build>/contracts/<module>, and again when a contract file or
# contractc has changed.
include_guard(GLOBAL)

function(banyan_contract module)
  cmake_parse_arguments(PARSE_ARGV 1 C "" "FOLDER" "")
  if(C_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "banyan_contract(${module}): does not know '${C_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT C_FOLDER)
    set(C_FOLDER ${PROJECT_SOURCE_DIR}/modules/${module}/contract)
  endif()
  set(output ${PROJECT_BINARY_DIR}/contracts/${module})

  set(contract_files ${C_FOLDER}/${module}.asyncapi.yaml)
  if(EXISTS ${C_FOLDER}/${module}.openapi.yaml)
    list(APPEND contract_files ${C_FOLDER}/${module}.openapi.yaml)
  endif()
  set(headers client contract http messages reasons)
  list(TRANSFORM headers PREPEND ${output}/include/shop/${module}/)
  list(TRANSFORM headers APPEND .hpp)
  set(sources client codec contract http)
  list(TRANSFORM sources PREPEND ${output}/src/)
  list(TRANSFORM sources APPEND .cpp)

  add_custom_command(
    OUTPUT ${headers} ${sources}
    COMMAND contractc generate ${module}=${C_FOLDER} --output ${output}
    DEPENDS contractc ${contract_files}
    COMMENT "Generating the contract of ${module}"
    VERBATIM)

  set(target shop_${module}_contract)
  add_library(${target} STATIC ${sources} ${headers})
  target_include_directories(${target} PUBLIC ${output}/include)
  target_link_libraries(${target} PUBLIC banyan_message PRIVATE banyan_flags)
  add_library(shop::${module}_contract ALIAS ${target})
endfunction()

# banyan_topology(<module>...)
# The static library shop_topology (shop::topology), header "shop/topology.hpp": who sends what to whom, as
# the contracts of these modules say together.
function(banyan_topology)
  set(output ${PROJECT_BINARY_DIR}/contracts/topology)
  set(folders "")
  set(contract_files "")
  foreach(module IN LISTS ARGN)
    set(folder ${PROJECT_SOURCE_DIR}/modules/${module}/contract)
    list(APPEND folders ${folder})
    list(APPEND contract_files ${folder}/${module}.asyncapi.yaml)
    if(EXISTS ${folder}/${module}.openapi.yaml)
      list(APPEND contract_files ${folder}/${module}.openapi.yaml)
    endif()
  endforeach()
  set(header ${output}/include/shop/topology.hpp)
  set(source ${output}/src/topology.cpp)

  add_custom_command(
    OUTPUT ${header} ${source}
    COMMAND contractc topology ${folders} --output ${output}
    DEPENDS contractc ${contract_files}
    COMMENT "Generating who sends what to whom"
    VERBATIM)

  add_library(shop_topology STATIC ${source} ${header})
  target_include_directories(shop_topology PUBLIC ${output}/include)
  target_link_libraries(shop_topology PUBLIC banyan_message PRIVATE banyan_flags)
  add_library(shop::topology ALIAS shop_topology)
endfunction()
