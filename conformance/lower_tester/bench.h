// The bench: one implementation under test (IUT) in lock-step virtual time, with the suite's peers
// on the other end of its sockets. The engine executes scenarios against this interface; tests of
// the engine use a bench without sockets. LockStepBench is the real one. One thread at a time.
// Spec: chapter control channel.
//
// A case: StartCase, then Inject, Advance and requests in any order, then EndCase. Whatever fails
// returns a Trouble; after one (kMisuse and kUnsupported apart) the process is gone and only
// StartCase may follow.
//
// Waiting is the bench's: each call returns when the IUT has nothing pending but timers, and when
// every frame that the IUT says it has sent was received.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cmb/ack/v1/record.pb.h"
#include "cmb/ack/v1/vocabulary.pb.h"
#include "cmb/control/v1/control.pb.h"
#include "conformance/clock/virtual_time.h"
#include "conformance/control/result.h"
#include "conformance/lower_tester/socket_layout.h"
#include "conformance/lower_tester/wall_scale.h"

namespace cmb::conformance {

// The parts of one multipart message, without routing id.
using Frames = std::vector<std::string>;

// Routing id of the router, whoever plays it.
inline constexpr char kRouterId[] = "@router";

// How a module that a router must refuse speaks CURVE, where the case does.
enum class BadKey {
  kForeign,   // With a key that is not on the allow-list.
  kBorrowed,  // With a key of the list that is bound to another module: let in, and not heard.
  kNone,      // Not at all.
};

// What one case needs of its process and its peers.
struct CaseSettings {
  ack::v1::Role role = ack::v1::ROLE_UNSPECIFIED;  // The IUT's.
  std::string module_id;                           // "sender", "target" or "@router".
  std::vector<std::string> channels{"main"};
  OtherRouters other_routers;  // Endpoint IUT with the feature fallback.
  // Router IUT: the modules that connect to it. Endpoint IUT: the modules behind the suite's
  // router, which answers PINGs for them. The IUT is not among them.
  std::vector<std::string> connected;
  // Modules that must never have connected to this process. A PING to one of them is answered
  // NO_ROUTE by the suite's router.
  std::vector<std::string> absent;
  // Feature curve: the data sockets speak CURVE, everybody with the right key but those of
  // `bad_keys` (router IUT only), who are neither waited for nor counted, and not among
  // `connected`. Without CURVE these are modules under ids that none may have: likewise let in, and
  // not heard.
  bool curve = false;
  std::map<std::string, BadKey> bad_keys;
  // Router IUT: modules whose queues in ZeroMQ the case fills, which is done without data sockets.
  std::vector<std::string> fills;
  control::v1::Settings settings;
};

// One message on a data socket.
struct WireMessage {
  SocketNumber socket = 0;
  // Router IUT: the module at the suite's end of the connection. Endpoint IUT: always "@router".
  std::string peer;
  Frames frames;
};

// One request with its reply and the frames that belong to it, ready for the transcript.
struct Exchange {
  control::v1::Request request;  // seq, incarnation and epoch are cleared.
  // Frames handed over with this Advance, in the order of Inject. Empty for other requests.
  std::vector<WireMessage> injected;
  control::v1::Reply reply;  // seq and epoch are cleared. `events` is what happened.
  // What the IUT sent, sorted by (socket, peer, first-in first-out), PINGs and PONGs included.
  std::vector<WireMessage> received;
};

// The IUT's earliest deadline.
struct NextDeadline {
  VirtualTime at;
  bool housekeeping = false;  // No protocol deadline is armed.
};

// What a call brought. Usually one exchange; more when the IUT sent PINGs of its own, which the
// bench answers and lets it handle at once: Advance{now, NONE} until there are no more.
struct StepResult {
  std::vector<Exchange> exchanges;
  VirtualTime now{};
  std::optional<NextDeadline> next_deadline;  // Absent: no timer is armed.
  std::string message_id;                     // Of Send only.
};

inline Trouble NoPart(const std::string& role) {
  Trouble trouble;
  trouble.kind = TroubleKind::kMisuse;
  trouble.sentence = "no part of this implementation is the " + role;
  return trouble;
}

class Bench {
 public:
  virtual ~Bench() = default;

  // What the IUT claims. Starts a process if none is alive; that one is used by the next case.
  virtual Result<control::v1::Pics> Claims() = 0;

  // How the next cases are played with an IUT without virtual_clock; its cases are refused before.
  // What came of it since it was last asked.
  virtual void SetPace(const WallPace&) {}
  virtual WallFindings TakeFindings() { return {}; }

  // Takes the process to the case's beginning: Reset of the living one if role, module id, channels
  // and peers allow, else kill, start, Configure, open phase, Begin. Afterwards N = M = 0, the
  // clock stands at settings.now_ms and now(), next_deadline() are valid.
  virtual Result<Done> StartCase(const CaseSettings& settings) = 0;

  // Puts one message on the wire: from `peer` to a router IUT, from the suite's router (whatever
  // `peer` is) to an endpoint IUT. The IUT handles it in the next Advance, together with all others
  // injected before it.
  virtual Result<Done> Inject(const WireMessage& message) = 0;

  // Moves the clock to `to`, not before now and not beyond the next protocol deadline (kMisuse,
  // nothing is sent to the IUT). `fire`: whether timers due at `to` fire, and when.
  virtual Result<StepResult> Advance(VirtualTime to, control::v1::Fire fire) = 0;

  // Acts of the application, at now(). The request may be Send, Cancel, ScriptExecution,
  // GetTransaction, Timers or WallJump (else kMisuse); the reply is in exchanges[0].
  virtual Result<StepResult> Request(const control::v1::Request& request) = 0;

  // kill -9 at this instant. Afterwards nothing reaches the IUT and no deadline is armed, until
  // Start at `now` runs the same command with the same store, up to the end of its open phase, and
  // Begin: the exchange is that of Begin, with what was recovered. N, M and events count anew. The
  // wall clock that it finds has jumped by `wall_jump_ms` since the process before began.
  virtual Result<Done> Crash() = 0;
  virtual Result<StepResult> Start(VirtualTime now, std::int64_t wall_jump_ms) = 0;

  // The same, and a jump of the wall clock, for the router or the target of a system, whose own
  // bench this is not (kMisuse).
  virtual Result<Done> CrashPart(const std::string& role) { return NoPart(role); }
  virtual Result<StepResult> StartPart(const std::string& role, VirtualTime) {
    return NoPart(role);
  }

  virtual Result<StepResult> JumpPart(const std::string& role, std::int64_t) {
    return NoPart(role);
  }

  // Router IUT: closes the connections of `module`, until the router answers NO_ROUTE to another
  // module's PING to it; opens them again, until the PINGs of `module` are answered. The exchanges
  // have what the router sent besides, and count as if nothing had been PINGed.
  virtual Result<StepResult> Disconnect(const std::string& module) = 0;
  virtual Result<StepResult> Connect(const std::string& module) = 0;

  // Router IUT without data sockets: from now on ZeroMQ's queues to `module` are full, or have
  // room. It is one of `fills` of the case's settings, and connected.
  virtual Result<StepResult> Fill(const std::string& module, bool full) = 0;

  // Whether `message` can be handed to the IUT. False: it crashed, the peer is disconnected, or its
  // key was refused; the message is lost.
  virtual bool Reaches(const WireMessage& message) const = 0;

  // Closing check: one PING on every path must be answered by the next frame of that path. A frame
  // that the IUT did not count, or a PONG that does not come, is kHarnessError. Nothing is checked
  // of an IUT that crashed.
  virtual Result<Done> EndCase() = 0;

  // Ends the process by Shutdown, if its last case passed the closing check. kHarnessError: it did
  // not take the time of a next case, or did not exit. (The first process that a bench has no more
  // use for before that ends by its standard input, which StartCase judges.)
  virtual Result<Done> Leave() = 0;

  // Kills the process; the next case gets a new one. After a failed case, for example.
  virtual void Discard() = 0;

  // What the IUT wrote to stderr since the case began, or before it died.
  virtual std::string IutStderr() = 0;

  virtual VirtualTime now() const = 0;
  virtual std::optional<NextDeadline> next_deadline() const = 0;
};

}  // namespace cmb::conformance
