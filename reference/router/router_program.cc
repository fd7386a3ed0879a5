#include "reference/router/router_program.h"

#include <random>

#include "reference/shell/drain_loop.h"
#include "reference/shell/jitter.h"

namespace cmb::reference {
namespace {

constexpr std::chrono::milliseconds kLongestWait{60'000};

SocketMap MapOf(const RouterOptions& options) {
  std::vector<std::string> names;
  for (const auto& channel : options.channels) {
    names.push_back(channel.name);
  }
  return SocketMap(std::move(names));
}

SocketOptions SocketsOf(const RouterOptions& options) {
  SocketOptions out;
  out.high_water_mark = options.high_water_mark;
  return out;
}

std::vector<std::string> Addresses(const RouterOptions& options) {
  std::vector<std::string> addresses;
  for (const auto& channel : options.channels) {
    addresses.push_back(channel.address);
  }
  addresses.push_back(options.ack_ingress);
  addresses.push_back(options.ack_egress);
  return addresses;
}

bool AnyReadable(const std::vector<int>& fds) {
  std::vector<zmq::pollitem_t> items;
  for (const int fd : fds) {
    items.push_back({nullptr, fd, ZMQ_POLLIN, 0});
  }
  return !items.empty() && Poll(items, 0);
}

}  // namespace

RouterProgram::RouterProgram(RouterOptions options, std::vector<EventSink*> sinks)
    : options_(std::move(options)),
      transport_(context_, MapOf(options_), SocketsOf(options_)),
      journal_(clock_, std::move(sinks)),
      shell_(options_.settings, MapOf(options_), transport_, journal_, store_,
             DrawnJitter(std::random_device{}())) {
  transport_.Bind(Addresses(options_));
}

std::vector<ChannelAddress> RouterProgram::channels() const {
  const auto bound = transport_.BoundAddresses();
  std::vector<ChannelAddress> out;
  for (std::size_t i = 0; i < options_.channels.size(); ++i) {
    out.push_back({options_.channels[i].name, bound.at(i)});
  }
  return out;
}

std::string RouterProgram::ack_ingress() const {
  return transport_.BoundAddresses().at(transport_.sockets().ingress());
}

std::string RouterProgram::ack_egress() const {
  return transport_.BoundAddresses().at(transport_.sockets().egress());
}

void RouterProgram::Run(const std::vector<int>& stop_fds) {
  auto fds = stop_fds;
  fds.push_back(wake_up_.fd());
  while (!stopped_ && !AnyReadable(stop_fds)) {
    DrainOnce(transport_, shell_, clock_, fds, kLongestWait);
    journal_.Flush();
  }
}

void RouterProgram::Stop() {
  stopped_ = true;
  wake_up_.Ring();
}

bool IsOpenToOthers(const std::string& address) {
  constexpr std::string_view kTcp = "tcp://";
  if (!address.starts_with(kTcp)) {
    return false;  // inproc and ipc stay on this machine.
  }
  const std::string host = address.substr(kTcp.size(), address.rfind(':') - kTcp.size());
  return !(host.starts_with("127.") || host == "localhost" || host == "[::1]");
}

}  // namespace cmb::reference
