#define BOOST_TEST_MODULE host_service_manager
#include "service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string>

#include "banyan/testing/temporary_directory.hpp"

using namespace banyan;
using namespace banyan::host;

namespace {

/// Listens where a service tells how it is. A name that begins with @ is in the abstract namespace.
class Manager {
 public:
  explicit Manager(const std::string& name) : socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    BOOST_REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  ~Manager() {
    ::unsetenv("NOTIFY_SOCKET");
    ::close(socket_);
  }
  std::string hear() const {
    char text[64];
    const ssize_t size = ::recv(socket_, text, sizeof text, 0);
    return size < 0 ? std::string{} : std::string{text, static_cast<std::size_t>(size)};
  }

 private:
  int socket_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(a_service_manager)

BOOST_AUTO_TEST_CASE(hears_what_it_is_told) {
  const testing::TemporaryDirectory disk;
  for (const std::string& name : {disk.path() + "/notify", "@banyan-test-" + std::to_string(::getpid())}) {
    const Manager manager{name};
    tell_service_manager("READY=1");
    tell_service_manager("STOPPING=1");
    BOOST_TEST(manager.hear() == "READY=1");
    BOOST_TEST(manager.hear() == "STOPPING=1");
    BOOST_TEST(manager.hear() == "");
  }
}

BOOST_AUTO_TEST_CASE(that_is_not_there_is_not_missed) {
  for (const char* name : {"", "/nowhere/at/all"}) {
    ::setenv("NOTIFY_SOCKET", name, 1);
    tell_service_manager("READY=1");
  }
  ::setenv("NOTIFY_SOCKET", std::string(200, 'x').c_str(), 1);
  tell_service_manager("READY=1");
  ::unsetenv("NOTIFY_SOCKET");
  tell_service_manager("READY=1");
  BOOST_TEST(true);
}

BOOST_AUTO_TEST_SUITE_END()
