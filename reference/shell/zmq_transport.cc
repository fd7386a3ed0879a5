#include "reference/shell/zmq_transport.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "reference/lifecycle/types.h"
#include "reference/shell/curve_guard.h"

namespace cmb::reference {
namespace {

// inbound_poll_rate of libzmq, and the frames of a message of this protocol.
constexpr unsigned kReceivesBetweenLooks = 100;
constexpr unsigned kPartsOfAMessage = 3;

std::string Reason(const zmq::error_t& error, const std::string& address) {
  switch (error.num()) {
    case EADDRINUSE:
      return fmt::format("the address {} is already in use by another program", address);
    case EADDRNOTAVAIL:
    case ENODEV:
      return fmt::format("the address {} is not one of this machine's", address);
    case EINVAL:
    case EPROTONOSUPPORT:
      return fmt::format("\"{}\" is not an address such as tcp://127.0.0.1:6001", address);
    case EACCES:
      return fmt::format("no permission to bind {}", address);
    default:  // open enum: libzmq has a sentence for the rest.
      return fmt::format("{}: {}", address, error.what());
  }
}

}  // namespace

ZmqTransport::ZmqTransport(zmq::context_t& context, SocketMap sockets, SocketOptions options)
    : map_(std::move(sockets)), options_(std::move(options)) {
  for (std::size_t i = 0; i < map_.size(); ++i) {
    sockets_.push_back(MakeSocket(context, map_.RouterOf(i)));
  }
  if (std::holds_alternative<CurveRouter>(options_.curve)) {
    StartGuard(context);
  } else if (options_.counts_closed) {
    CountClosed(context);
  }
  receives_.assign(map_.size(), 0);
  messages_.assign(map_.size(), 0);
  ResetCounters();
}

// A monitor whose reader has gone would stop libzmq's thread.
ZmqTransport::~ZmqTransport() {
  if (guard_ || !monitors_.empty()) {
    for (auto& socket : sockets_) {
      zmq_socket_monitor(socket.handle(), nullptr, 0);
    }
  }
}

std::vector<std::string> ZmqTransport::Monitored(int events) {
  std::vector<std::string> addresses;
  for (auto& socket : sockets_) {
    addresses.push_back(fmt::format("inproc://cmb.connections.{}.{}",
                                    static_cast<const void*>(this), addresses.size()));
    if (zmq_socket_monitor(socket.handle(), addresses.back().c_str(), events) != 0) {
      throw zmq::error_t();
    }
  }
  return addresses;
}

void ZmqTransport::StartGuard(zmq::context_t& context) {
  const int ends = options_.counts_closed ? ZMQ_EVENT_DISCONNECTED : 0;
  guard_ = std::make_unique<CurveGuard>(context, std::get<CurveRouter>(options_.curve).allowed,
                                        Monitored(kRefusalEvents | ends));
}

void ZmqTransport::CountClosed(zmq::context_t& context) {
  for (const auto& address : Monitored(ZMQ_EVENT_DISCONNECTED)) {
    auto& monitor = monitors_.emplace_back(context, ZMQ_PAIR);
    monitor.set(zmq::sockopt::rcvhwm, 0);  // libzmq's thread would wait for room.
    monitor.connect(address);
  }
}

// Two parts tell of each end.
std::uint64_t ZmqTransport::closed_connections() {
  for (auto& monitor : monitors_) {
    for (zmq::message_t part; monitor.recv(part, zmq::recv_flags::dontwait);) {
      closed_ += part.more() ? 1 : 0;
    }
  }
  return guard_ ? guard_->closed() : closed_;
}

const CurveEndpoint* ZmqTransport::CurveTowards(std::size_t router) const {
  if (router == 0) {
    return std::get_if<CurveEndpoint>(&options_.curve);
  }
  const auto& others = options_.other_curves;
  return router <= others.size() && others[router - 1] ? &*others[router - 1] : nullptr;
}

void ZmqTransport::SetCurve(zmq::socket_t& socket, std::size_t router) const {
  if (const auto* own = std::get_if<CurveRouter>(&options_.curve)) {
    socket.set(zmq::sockopt::curve_server, true);
    socket.set(zmq::sockopt::curve_secretkey, own->own.secret_key);
    socket.set(zmq::sockopt::zap_domain, std::string(kCurveDomain));
  } else if (const auto* endpoint = CurveTowards(router)) {
    socket.set(zmq::sockopt::curve_serverkey, endpoint->router_public);
    socket.set(zmq::sockopt::curve_publickey, endpoint->own.public_key);
    socket.set(zmq::sockopt::curve_secretkey, endpoint->own.secret_key);
  }
}

std::uint64_t ZmqTransport::refused_connections() const { return guard_ ? guard_->refused() : 0; }

std::uint64_t ZmqTransport::refused_so_far() const { return guard_ ? guard_->refused_so_far() : 0; }

// CMB-WIRE-002, CMB-WIRE-003: called once for each socket of the map.
zmq::socket_t ZmqTransport::MakeSocket(zmq::context_t& context, std::size_t router) const {
  zmq::socket_t socket(context, is_router() ? ZMQ_ROUTER : ZMQ_DEALER);
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::sndhwm, options_.high_water_mark);
  socket.set(zmq::sockopt::rcvhwm, options_.high_water_mark);
  if (const int all = options_.heartbeat_timeout_ms; all > 0) {
    const int every = std::max(all / 3, 1);
    socket.set(zmq::sockopt::heartbeat_ivl, every);
    socket.set(zmq::sockopt::heartbeat_timeout, std::max(all - every, 1));  // Behind a heartbeat.
  }
  socket.set(zmq::sockopt::maxmsgsize, options_.largest_frame_bytes);
  SetCurve(socket, router);
  if (is_router()) {
    // Mandatory: an unroutable target is an error, never a silent drop.
    // Handover: a module that reconnects quickly takes its id over.
    socket.set(zmq::sockopt::router_mandatory, true);
    socket.set(zmq::sockopt::router_handover, true);
  } else {
    // Immediate: nothing waits inside libzmq, where no TTL runs.
    socket.set(zmq::sockopt::routing_id, options_.routing_id);
    socket.set(zmq::sockopt::immediate, true);
    socket.set(zmq::sockopt::reconnect_ivl, options_.reconnect_ms);
  }
  return socket;
}

void ZmqTransport::Bind(const std::vector<std::string>& addresses) {
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    try {
      sockets_[i].bind(addresses.at(i));
    } catch (const zmq::error_t& error) {
      throw AddressError(Reason(error, addresses.at(i)));
    }
  }
}

void ZmqTransport::Connect(const std::vector<std::string>& addresses) {
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    try {
      sockets_[i].connect(addresses.at(i));
    } catch (const zmq::error_t& error) {
      throw AddressError(Reason(error, addresses.at(i)));
    }
  }
  addresses_ = addresses;
}

void ZmqTransport::Reconnect(std::size_t socket) {
  const std::string& address = addresses_.at(socket);
  sockets_.at(socket).disconnect(address);
  sockets_.at(socket).connect(address);
}

std::vector<std::string> ZmqTransport::BoundAddresses() const {
  std::vector<std::string> addresses;
  for (const auto& socket : sockets_) {
    addresses.push_back(socket.get(zmq::sockopt::last_endpoint));
  }
  return addresses;
}

// CMB-WIRE-006: header and payload, each one part.
SendResult ZmqTransport::Send(std::size_t socket, std::string_view peer, std::string_view header,
                              zmq::message_t payload) {
  zmq::socket_t& to = sockets_.at(socket);
  constexpr int kMore = ZMQ_SNDMORE | ZMQ_DONTWAIT;
  if (is_router() && lifecycle::IsReserved(peer)) {  // CMB-WIRE-021.
    return SendResult::kUnroutable;
  }
  if (is_router()) {
    // libzmq learns of new connections lazily on send: without this look a peer
    // that has just connected seems unroutable.
    static_cast<void>(to.get(zmq::sockopt::events));
    if (zmq_send(to.handle(), peer.data(), peer.size(), kMore) < 0) {
      return Refused();
    }
  }
  if (zmq_send(to.handle(), header.data(), header.size(), kMore) < 0 ||
      zmq_msg_send(payload.handle(), to.handle(), ZMQ_DONTWAIT) < 0) {
    return Refused();
  }
  ++counters_.sent;
  ++counters_.sent_by_socket[socket];
  return SendResult::kSent;
}

SendResult ZmqTransport::Refused() {
  if (zmq_errno() == EAGAIN) {
    return SendResult::kFull;
  }
  if (zmq_errno() == EHOSTUNREACH) {
    ++counters_.undeliverable;
    return SendResult::kUnroutable;
  }
  throw zmq::error_t();
}

// libzmq 4.3.4 looks for lost connections at every 100th receive in a row, also
// between the parts of a message. With ZMQ_IMMEDIATE a connection that was lost
// takes along what is unread of it, and then libzmq aborts (fq.cpp, !_more). So
// where the next message would meet that receive, it is made to look just before
// (libzmq issues 2163 and 3663).
void ZmqTransport::LookForLostConnections(std::size_t socket) {
  if (receives_[socket] % kReceivesBetweenLooks + kPartsOfAMessage >= kReceivesBetweenLooks) {
    static_cast<void>(sockets_[socket].get(zmq::sockopt::events));
  }
}

std::optional<Inbound> ZmqTransport::Receive(std::size_t socket) {
  zmq::socket_t& from = sockets_.at(socket);
  Inbound inbound;
  inbound.socket = socket;
  zmq::message_t part;
  LookForLostConnections(socket);
  ++receives_[socket];
  if (zmq_msg_recv(part.handle(), from.handle(), ZMQ_DONTWAIT) < 0) {
    receives_[socket] = 0;
    if (zmq_errno() == EAGAIN || zmq_errno() == EINTR) {
      return std::nullopt;
    }
    throw zmq::error_t();
  }
  bool more = part.more();
  if (is_router()) {
    inbound.peer = part.to_string();
  } else {
    inbound.frames.push_back(std::move(part));
  }
  const bool proves_owner = guard_ != nullptr;
  while (more) {
    // The parts of a message arrive together, so this never waits.
    static_cast<void>(from.recv(part));
    ++receives_[socket];
    more = part.more();
    if (proves_owner && inbound.frames.empty()) {
      const char* owner = zmq_msg_gets(part.handle(), "User-Id");
      inbound.key_owner = owner == nullptr ? "" : owner;
    }
    if (inbound.frames.size() < kPartsOfAMessage) {
      inbound.frames.push_back(std::move(part));
    } else {
      ++inbound.more_frames;  // It is none of ours, and what is in it need not be held.
    }
  }
  ++counters_.received;
  ++messages_[socket];
  return inbound;
}

std::vector<zmq::pollitem_t> ZmqTransport::PollItems() const {
  std::vector<zmq::pollitem_t> items;
  for (const auto& socket : sockets_) {
    items.push_back({const_cast<void*>(socket.handle()), 0, ZMQ_POLLIN, 0});
  }
  return items;
}

void ZmqTransport::ResetCounters() {
  counters_ = {};
  counters_.sent_by_socket.assign(map_.size(), 0);
}

bool Poll(std::vector<zmq::pollitem_t>& items, std::int64_t timeout_ms) {
  const int ready = zmq_poll(items.data(), static_cast<int>(items.size()), timeout_ms);
  if (ready < 0 && zmq_errno() != EINTR) {
    throw zmq::error_t();
  }
  return ready > 0;
}

}  // namespace cmb::reference
