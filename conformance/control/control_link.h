// How requests and replies travel between the suite and one process of the implementation under
// test (IUT): over a DEALER of the harness, or as lines on its standard input and output. Owned by
// ControlClient. One thread. Spec: chapter control channel, connection.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>

#include "cmb/control/v1/control.pb.h"
#include "conformance/control/child_process.h"

namespace zmq {
class context_t;
}  // namespace zmq

namespace cmb::conformance {

// The value of CMB_CONTROL for a harness that is spoken to by its standard input and output.
inline constexpr char kStdio[] = "stdio";

class ControlLink {
 public:
  struct Incoming {
    std::string from;  // Routing id; empty on standard output.
    // What came, or what is wrong with it ("2 frames on the control channel instead of 1").
    std::variant<control::v1::FromHarness, std::string> message;
  };

  virtual ~ControlLink() = default;

  // For CMB_CONTROL.
  virtual std::string address() const = 0;
  // The sentence that says how one message travels.
  virtual std::string_view framing() const = 0;
  // `request` as it travels.
  virtual std::string Encode(const control::v1::Request& request) const = 0;
  // What may be no request at all. False: the harness has closed its end, or does not read.
  virtual bool Send(const std::string& to, const std::string& encoded, ChildProcess& child) = 0;
  // Absent: nothing is there.
  virtual std::optional<Incoming> Receive(ChildProcess& child) = 0;
  // For WaitReadable, which wakes for whole lines of the child, too.
  virtual std::span<void* const> handles() const = 0;
};

// Where a harness that the suite starts finds it: a port chosen by the system.
inline constexpr char kOwnHost[] = "tcp://127.0.0.1:*";

// Binds to `endpoint`. Throws zmq::error_t where it cannot. `context` outlives the link.
std::unique_ptr<ControlLink> MakeSocketLink(zmq::context_t& context,
                                            const std::string& endpoint = kOwnHost);

// The child must have been spawned with `lines_on_stdout`.
std::unique_ptr<ControlLink> MakeStdioLink();

}  // namespace cmb::conformance
