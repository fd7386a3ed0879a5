// A TCP proxy that keeps what the client said, for the test that replays it.
//
// Header only, as its users are tests. Threads: its own pumps; the destructor
// joins it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "reference/shell/fd_signal.h"

namespace cmb::reference {

inline sockaddr_in Loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// A connection to that port of this machine. Throws std::runtime_error.
inline int ConnectTo(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = Loopback(port);
  if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    close(fd);
    throw std::runtime_error("cannot connect");
  }
  return fd;
}

// Passes one connection on to `port` and back.
class TcpRecorder {
 public:
  explicit TcpRecorder(std::uint16_t port) : to_port_(port) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = Loopback(0);
    socklen_t length = sizeof(address);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0 ||
        listen(listener_, 1) != 0 ||
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Pump(); });
  }
  ~TcpRecorder() {
    stop_.Ring();
    thread_.join();
    close(listener_);
  }
  TcpRecorder(const TcpRecorder&) = delete;
  TcpRecorder& operator=(const TcpRecorder&) = delete;

  std::string address() const { return "tcp://127.0.0.1:" + std::to_string(port_); }

  // Everything that the client sent so far.
  std::string ClientBytes() {
    const std::lock_guard lock(mutex_);
    return client_bytes_;
  }

 private:
  void Pump() {
    std::array<pollfd, 3> items{{{stop_.fd(), POLLIN, 0}, {listener_, POLLIN, 0}, {}}};
    if (poll(items.data(), 2, -1) < 0 || items[0].revents != 0) {
      return;
    }
    const int client = accept(listener_, nullptr, nullptr);
    const int server = ConnectTo(to_port_);
    items[1] = {client, POLLIN, 0};
    items[2] = {server, POLLIN, 0};
    while (poll(items.data(), 3, -1) >= 0 && items[0].revents == 0) {
      if ((items[1].revents != 0 && !Pass(client, server, true)) ||
          (items[2].revents != 0 && !Pass(server, client, false))) {
        break;
      }
    }
    close(client);
    close(server);
  }

  bool Pass(int from, int to, bool keep) {
    std::array<char, 4096> bytes{};
    const ssize_t got = read(from, bytes.data(), bytes.size());
    if (got <= 0) {
      return false;
    }
    if (keep) {
      const std::lock_guard lock(mutex_);
      client_bytes_.append(bytes.data(), static_cast<std::size_t>(got));
    }
    return send(to, bytes.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL) == got;
  }

  std::uint16_t to_port_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  WakeUp stop_;
  std::mutex mutex_;  // Guards the bytes.
  std::string client_bytes_;
  std::thread thread_;
};

}  // namespace cmb::reference
