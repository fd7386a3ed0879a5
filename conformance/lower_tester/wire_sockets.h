// The suite's data sockets toward one process of the implementation under test (IUT). Two kinds:
// the suite plays the router (the IUT is a sender or a target and connects to us), or it plays the
// modules (the IUT is the router and we connect to it). Called by the session only; one thread.
// Spec: chapter wire binding.
//
// Ports are chosen by the system. Nothing here waits or counts.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conformance/control/child_process.h"
#include "conformance/control/deadline.h"
#include "conformance/lower_tester/bench.h"

namespace zmq {
class context_t;
}  // namespace zmq

namespace cmb::conformance {

class CurveKeys;

// One way a PING can take: put on `out` as `peer`, answered on `in` to `peer`.
struct Path {
  std::string peer;    // Whose connection; kRouterId when the suite is the router.
  std::string module;  // Whom the PING is addressed to: the IUT.
  SocketNumber out = 0;
  SocketNumber in = 0;
};

class WireSockets {
 public:
  virtual ~WireSockets() = default;

  // Whether there are no sockets: frames stand in the control channel (inline_sockets.h).
  virtual bool Inline() const { return false; }
  // Without sockets: what a request takes along, and what its reply brought, which is nothing where
  // there are sockets; the fault of the latter.
  virtual void Carry(control::v1::Request&) {}
  virtual std::optional<Fault> Unpack(const control::v1::Request&, control::v1::Reply& reply) {
    return reply.frames().empty()
               ? std::nullopt
               : std::optional(
                     Fault{"there are frames, although there are data sockets", "CMB-CTL-045"});
  }
  // Why `message` cannot be shown to the IUT as it is. Absent: it can.
  virtual std::optional<std::string> CannotCarry(const WireMessage&) const { return std::nullopt; }

  // Fills in the addresses: ours for an endpoint IUT, wildcards for a router IUT.
  virtual void FillAddresses(control::v1::Configure& configure) const = 0;

  // Router IUT: connects every peer to where the IUT is bound. Absent: done; else why not.
  virtual std::optional<std::string> Connect(const control::v1::Configured& configured) = 0;

  // Router IUT, after the open phase: who has a bad key knocks, and its handshakes are waited for.
  virtual void LetStrangersKnock(ChildProcess&, Deadline) {}

  // Router IUT: closes and reopens all sockets of one peer; its paths go and come. False: there is
  // no such peer, or it is connected.
  virtual bool Disconnect(const std::string&) { return false; }
  virtual bool Reconnect(const std::string&) { return false; }

  // Without sockets, router IUT: whether nothing can be sent to `peer`. False: it is not connected.
  virtual bool Fill(const std::string&, bool) { return false; }

  // Whether there is a connection that `message` could take.
  virtual bool Reaches(const WireMessage& message) const = 0;
  // Whether what arrives from this peer is the IUT's.
  virtual bool Knows(const std::string& peer) const = 0;

  // False: there is no connection to hand it to.
  virtual bool Send(const WireMessage& message) = 0;

  // Reads one message from `socket` if one is there. `peer` is as in WireMessage, or the routing id
  // of a stranger. In the order of peers' ids, first-in first-out for each.
  virtual bool Receive(SocketNumber socket, WireMessage& message) = 0;

  // Native handles of `socket`: one, or one for each peer.
  virtual std::span<void* const> Handles(SocketNumber socket) const = 0;

  const SocketLayout& layout() const { return layout_; }
  // Every path there is: each channel, and egress -> ingress (endpoint) or ingress -> egress.
  const std::vector<Path>& paths() const { return paths_; }

 protected:
  WireSockets(SocketLayout layout, std::vector<Path> paths)
      : layout_(std::move(layout)), paths_(std::move(paths)) {}

  void SetPaths(std::vector<Path> paths) { paths_ = std::move(paths); }

  // The names of the other routers and of their channels.
  void FillOtherRouters(control::v1::Configure& configure) const {
    for (std::size_t place = 1; place < layout_.routers().size(); ++place) {
      const SocketLayout::Router& router = layout_.routers()[place];
      control::v1::OtherRouter& other = *configure.add_other_routers();
      other.set_name(router.name);
      for (const std::string& channel : router.channels) {
        other.add_channels()->set_name(channel);
      }
    }
  }

 private:
  SocketLayout layout_;
  std::vector<Path> paths_;
};

// For an endpoint IUT with routing id `settings.module_id`. `context` and `keys` outlive it; with
// `keys` the sockets speak CURVE, null: they do not.
std::unique_ptr<WireSockets> MakeRouterSide(zmq::context_t& context, const CaseSettings& settings,
                                            CurveKeys* keys);

// For a router IUT: one DEALER for each peer of `settings` and each socket.
std::unique_ptr<WireSockets> MakeModuleSide(zmq::context_t& context, const CaseSettings& settings,
                                            CurveKeys* keys);

}  // namespace cmb::conformance
