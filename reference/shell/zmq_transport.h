// The ZeroMQ sockets of one endpoint (DEALERs that connect) or of one router
// (ROUTERs that bind). Owned by whoever runs the loop: ModuleEndpoint's thread,
// cmb-router's loop, the harness. Nothing here blocks but Poll.
//
// Threads: one at a time. Spec: chapter "Wire binding".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "reference/shell/curve.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

// An address could not be bound or connected. what() is a sentence for people.
class AddressError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A peer that has not answered a ZMTP heartbeat for two thirds of this is gone: within this time a
// dead connection is closed, and what it held is lost. One frame must pass in those two thirds,
// since nothing overtakes it: 10 s are a payload of 1 MiB (CMB-WIRE-018) at 105 kB/s. CMB-TMR-009:
// no MAX_LATENCY may be shorter; the linger is 0.
inline constexpr int kHeartbeatTimeoutMs = 15'000;

struct SocketOptions {
  // Endpoint: the module id, which every one of its sockets carries. Empty: a
  // router's sockets.
  std::string routing_id;
  // Messages that ZeroMQ queues for one peer. 0: no bound (virtual time, where
  // a burst must never be cut).
  int high_water_mark = 1000;
  // libzmq's own default of 100 ms makes every restart slow.
  int reconnect_ms = 10;
  // Within this time a dead connection is found out; 0: never.
  int heartbeat_timeout_ms = kHeartbeatTimeoutMs;
  // Of a router: whether it counts the connections that end. Then they must be asked for again and
  // again.
  bool counts_closed = false;
  // A larger frame closes the connection before it is held in memory; -1: none
  // does. Must leave room for what the judges shall refuse by name.
  std::int64_t largest_frame_bytes = -1;
  // Of a router, or of an endpoint. The context of a router with CURVE has one
  // I/O thread.
  std::variant<std::monostate, CurveRouter, CurveEndpoint> curve{};
  // Of an endpoint's other routers, from its second on.
  std::vector<std::optional<CurveEndpoint>> other_curves{};
};

// Counts since the last ResetCounters.
struct TrafficCounters {
  std::uint64_t received = 0;
  std::uint64_t sent = 0;
  std::vector<std::uint64_t> sent_by_socket;  // In socket order.
  std::uint64_t undeliverable = 0;            // Sends refused with EHOSTUNREACH.
};

class CurveGuard;

class ZmqTransport : public Transport {
 public:
  ZmqTransport(zmq::context_t& context, SocketMap sockets, SocketOptions options);
  ~ZmqTransport() override;

  // One address a socket, in socket order. Throw AddressError.
  void Bind(const std::vector<std::string>& addresses);
  void Connect(const std::vector<std::string>& addresses);
  // Gives up the connection of that socket of an endpoint and makes another. What it held is lost.
  void Reconnect(std::size_t socket);

  // What Bind really bound, with the port the system chose.
  std::vector<std::string> BoundAddresses() const;

  SendResult Send(std::size_t socket, std::string_view peer, std::string_view header,
                  zmq::message_t payload) override;

  // The next message of that socket, if one has arrived.
  std::optional<Inbound> Receive(std::size_t socket);

  // How many messages have come by that socket.
  std::uint64_t received_by(std::size_t socket) const { return messages_.at(socket); }

  // Entries for zmq_poll, in socket order.
  std::vector<zmq::pollitem_t> PollItems() const;

  const SocketMap& sockets() const { return map_; }
  const TrafficCounters& counters() const { return counters_; }
  void ResetCounters();

  // Router with CURVE: handshakes refused since the sockets were made. Who is
  // refused does not come again, so ResetCounters keeps the number.
  std::uint64_t refused_connections() const override;
  // Connections that ended, whichever side or heartbeat ended them; 0 where nobody counts.
  std::uint64_t closed_connections();
  // As refused_connections, for who would rather have it late than wait.
  std::uint64_t refused_so_far() const;

 private:
  bool is_router() const { return options_.routing_id.empty(); }
  // `router`: number of the router that the socket belongs to.
  zmq::socket_t MakeSocket(zmq::context_t& context, std::size_t router) const;
  void SetCurve(zmq::socket_t& socket, std::size_t router) const;
  const CurveEndpoint* CurveTowards(std::size_t router) const;
  void StartGuard(zmq::context_t& context);
  void CountClosed(zmq::context_t& context);
  // Addresses of monitors of `events`, one a socket.
  std::vector<std::string> Monitored(int events);
  SendResult Refused();
  void LookForLostConnections(std::size_t socket);

  SocketMap map_;
  SocketOptions options_;
  std::vector<zmq::socket_t> sockets_;
  std::vector<std::string> addresses_;   // Of an endpoint.
  std::vector<unsigned> receives_;       // By socket, in a row.
  std::vector<std::uint64_t> messages_;  // By socket, all that ever came.
  std::unique_ptr<CurveGuard> guard_;    // Null: not a router with CURVE.
  std::vector<zmq::socket_t> monitors_;  // Of ends of connections, where there is no guard.
  std::uint64_t closed_ = 0;
  TrafficCounters counters_;
};

// zmq_poll that takes a signal for a timeout. True: something is ready.
bool Poll(std::vector<zmq::pollitem_t>& items, std::int64_t timeout_ms);

}  // namespace cmb::reference
