// endurance-sender: a module that sends without a pause and may be killed at any
// instant. Some of its messages end for it with the ROUTER_ACK, so that nobody but
// the router has them from then on. Notes each message as soon as Send has returned,
// each event, and at its start what its store has. After SIGTERM it sends nothing more, and ends
// when every message has its outcome. Part of the endurance run.
#include <set>

#include "reference/endpoint/module_endpoint.h"
#include "reference/endurance/ledger.h"
#include "reference/endurance/module_program.h"
#include "reference/endurance/note_file.h"
#include "reference/extras/store/sqlite_tx_store.h"
#include "reference/shell/fd_signal.h"
#include "reference/shell/zmq_transport.h"

namespace cmb::reference {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// Between two messages that the router alone brings to their end. A fixed pace,
// since they end here at once, and the target does not keep up with all that could
// be sent.
constexpr milliseconds kPace{5};

// Short waits, so that much happens between two kills; enough retries that none
// is given up while others are away.
ack::v1::DeliveryPolicy Policy() {
  ack::v1::DeliveryPolicy policy;
  policy.set_router_ack_ms(500);
  policy.set_delivery_ack_ms(500);
  policy.set_execution_ms(1000);
  policy.set_max_retries(100);
  policy.set_backoff_first_ms(20);
  policy.set_backoff_factor(1.5);
  policy.set_backoff_max_ms(500);
  for (const auto code : {ack::v1::ERROR_CODE_NO_ROUTE, ack::v1::ERROR_CODE_BUFFER_FULL,
                          ack::v1::ERROR_CODE_ACK_TIMEOUT, ack::v1::ERROR_CODE_AGENT_UNAVAILABLE,
                          ack::v1::ERROR_CODE_INTERNAL_ERROR}) {
    policy.add_retryable(code);
  }
  return policy;
}

EndpointOptions Options(const ModuleOptions& options, TxStore& store) {
  EndpointOptions sender = EndpointOf("sender", options, store);
  sender.policy = Policy();
  // What fails again and again shall be sent all the same.
  sender.features.circuit_breaker = false;
  // Records with an outcome go soon, so that the store stays small and a restart
  // quick; by then one process has noted the outcome.
  sender.sender.reconcile_window = milliseconds(2000);
  sender.sender.max_latency = milliseconds(3000);
  sender.heartbeat_timeout = milliseconds(3000);
  return sender;
}

// The router never gives up what nobody else has.
constexpr std::uint64_t kLongestDeliveryMs = 600'000;

// Notes what the sender knows, and counts what is open.
class Account {
 public:
  explicit Account(const std::string& path) : notes_(path) {}

  void Sent(const std::string& id, ack::v1::AckType required) {
    notes_.Add(SentLine(id, required));
    open_.insert(id);
  }
  void Has(const std::string& id, const Standing& standing) {
    notes_.Add(HasLine(id, standing));
    if (IsOutcome(standing.state)) {
      open_.erase(id);
    } else {
      open_.insert(id);
    }
  }
  std::size_t open() const { return open_.size(); }

 private:
  NoteFile notes_;
  std::set<std::string> open_;
};

void Send(ModuleEndpoint& endpoint, Account& account, ack::v1::AckType required) {
  ack::v1::DeliveryPolicy policy;
  policy.set_required_ack(required);
  if (required == ack::v1::ACK_TYPE_ROUTER_ACK) {
    policy.set_delivery_ack_ms(kLongestDeliveryMs);
  }
  account.Sent(endpoint.Send("main", "target", {.payload = "work"}, policy), required);
}

void Listen(ModuleEndpoint& endpoint, Account& account) {
  for (const auto& event : endpoint.WaitForEvents(kPace)) {
    if (const auto standing = StandingOf(event)) {
      account.Has(event.transition().message_id(), *standing);
    }
  }
}

void Run(const ModuleOptions& options) {
  Account account(options.notes);
  StopSignals signals;  // Before any thread, which inherits its mask.
  SqliteTxStore store(options.store, Durability::kProcess);
  for (const auto& entry : store.All()) {
    account.Has(entry.record.message_id(), StandingOf(entry.record));
  }
  ModuleEndpoint endpoint(Options(options, store));
  for (auto next = Steady::now(); signals.Take() == 0; Listen(endpoint, account)) {
    while (account.open() < options.in_flight) {
      Send(endpoint, account, ack::v1::ACK_TYPE_EXECUTION_ACK);
    }
    if (Steady::now() >= next) {
      Send(endpoint, account, ack::v1::ACK_TYPE_ROUTER_ACK);
      next = Steady::now() + kPace;
    }
  }
  while (account.open() > 0) {
    Listen(endpoint, account);
  }
}

}  // namespace
}  // namespace cmb::reference

int main(int argc, char** argv) {
  return cmb::reference::ModuleMain(argc, argv, "The sender of an endurance run.",
                                    cmb::reference::Run);
}
