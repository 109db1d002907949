# banyan_migrations(<target> <dir> OWNER <owner> NAMESPACE <namespace>)
# Embeds <dir>/NNNN_<name>.sql, numbered 0001, 0002 … without a gap, into <target>, which gets a private
# header "migrations.hpp" with `std::span<const banyan::store::Migration> <namespace>::migrations()`.
include_guard(GLOBAL)

function(banyan_migrations target dir)
  cmake_parse_arguments(PARSE_ARGV 2 M "" "OWNER;NAMESPACE" "")
  if(M_UNPARSED_ARGUMENTS OR NOT M_OWNER OR NOT M_NAMESPACE)
    message(FATAL_ERROR "banyan_migrations(${target}): bad arguments: ${M_UNPARSED_ARGUMENTS}")
  endif()
  file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/*.sql)
  list(SORT files)
  set(version 0)
  set(entries "")
  foreach(file IN LISTS files)
    math(EXPR version "${version} + 1")
    cmake_path(GET file STEM name)
    if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$" OR NOT CMAKE_MATCH_1 EQUAL version)
      message(FATAL_ERROR "${file}: expected the name NNNN_what_changes.sql with the number ${version}")
    endif()
    set(name ${CMAKE_MATCH_2})
    file(READ ${file} sql)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    string(APPEND entries "    {\"${M_OWNER}\", ${version}, \"${name}\", R\"migration(${sql})migration\"},\n")
  endforeach()
  if(version EQUAL 0)
    message(FATAL_ERROR "banyan_migrations(${target}): no migrations in ${dir}")
  endif()

  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_migrations)
  banyan_write_if_changed(${out}/migrations.hpp "#pragma once
#include <span>

#include \"banyan/store/migration.hpp\"

namespace ${M_NAMESPACE} {

std::span<const banyan::store::Migration> migrations();

}
")
  banyan_write_if_changed(${out}/migrations.cpp "#include \"migrations.hpp\"

namespace ${M_NAMESPACE} {

std::span<const banyan::store::Migration> migrations() {
  static constexpr banyan::store::Migration all[] = {
${entries}  };
  return all;
}

}
")
  target_sources(${target} PRIVATE ${out}/migrations.cpp)
  target_include_directories(${target} PRIVATE ${out})
endfunction()

# Keeps the time stamp of a file that has this text already, so that nothing is compiled again.
function(banyan_write_if_changed file text)
  set(old "")
  if(EXISTS ${file})
    file(READ ${file} old)
  endif()
  if(NOT old STREQUAL text)
    file(WRITE ${file} "${text}")
  endif()
endfunction()
