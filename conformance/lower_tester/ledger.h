// Who has sent how many messages since Begin, and whether a reply agrees. The lock step rests on
// these counts alone. Pure; called by the session; one thread. Spec: chapter control channel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cmb/control/v1/control.pb.h"
#include "conformance/control/result.h"
#include "conformance/lower_tester/socket_layout.h"

namespace cmb::conformance {

class Ledger {
 public:
  explicit Ledger(SocketLayout layout)
      : layout_(std::move(layout)), promised_(layout_.size()), received_(layout_.size()) {}

  // Begin and Reset: nothing was sent, either way, and no event was numbered.
  void Clear();

  void CountInjected() { ++injected_; }
  void CountReceived(SocketNumber socket) { ++received_[socket]; }
  // One message on `socket` went to a connection that is gone, and never comes.
  void Forgive(SocketNumber socket) { received_[socket] += Owes(socket) ? 1 : 0; }

  // N: messages put on the wire toward the IUT.
  std::uint64_t injected() const { return injected_; }
  // M: messages that the IUT says it has sent, as of the last reply.
  std::uint64_t promised() const;
  std::uint64_t promised(SocketNumber socket) const { return promised_[socket]; }
  // True: the IUT says that more is on its way on `socket`.
  bool Owes(SocketNumber socket) const { return received_[socket] < promised_[socket]; }

  // Takes over what `reply` promises. Absent: it agrees with everything known. Else the sentence of
  // what is wrong with it: counts that fall, that do not add up, events out of number, messages
  // read that nobody sent. `all_read`: the reply is to a request that waits for N messages.
  std::optional<Fault> Enter(const control::v1::Reply& reply, bool all_read);

  // "it says that it has sent 3 messages on main, 2 came": what is still owed.
  std::string Debts() const;

 private:
  std::optional<Fault> EnterSent(const control::v1::Reply& reply);
  std::optional<Fault> EnterEvents(const control::v1::Reply& reply);

  SocketLayout layout_;
  std::uint64_t injected_ = 0;
  std::vector<std::uint64_t> promised_;
  std::vector<std::uint64_t> received_;
  std::uint64_t last_event_ = 0;
};

}  // namespace cmb::conformance
