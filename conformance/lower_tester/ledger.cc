#include "conformance/lower_tester/ledger.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace cmb::conformance {
namespace {

constexpr char kCounters[] = "CMB-CTL-011";

}  // namespace

void Ledger::Clear() {
  injected_ = 0;
  last_event_ = 0;
  std::fill(promised_.begin(), promised_.end(), 0);
  std::fill(received_.begin(), received_.end(), 0);
}

std::uint64_t Ledger::promised() const {
  return std::accumulate(promised_.begin(), promised_.end(), std::uint64_t{0});
}

std::optional<Fault> Ledger::Enter(const control::v1::Reply& reply, bool all_read) {
  if (reply.received() > injected_ || (all_read && reply.received() != injected_)) {
    return Fault{fmt::format("received is {}, but {} messages were put on the wire",
                             reply.received(), injected_),
                 all_read ? "CMB-CTL-012" : kCounters};
  }
  if (auto fault = EnterSent(reply)) {
    return fault;
  }
  return EnterEvents(reply);
}

std::optional<Fault> Ledger::EnterSent(const control::v1::Reply& reply) {
  const auto& sent = reply.sent_by_socket();
  if (static_cast<std::size_t>(sent.size()) != layout_.size()) {
    return Fault{fmt::format("sent_by_socket has {} entries, but there are {} data sockets",
                             sent.size(), layout_.size()),
                 kCounters};
  }
  std::uint64_t sum = 0;
  for (SocketNumber socket = 0; socket < layout_.size(); ++socket) {
    const std::uint64_t count = sent[static_cast<int>(socket)];
    if (count < promised_[socket]) {
      return Fault{fmt::format("sent_by_socket of {} fell from {} to {}", layout_.Name(socket),
                               promised_[socket], count),
                   kCounters};
    }
    promised_[socket] = count;
    sum += count;
  }
  if (sum != reply.sent()) {
    return Fault{fmt::format("sent is {}, but the entries of sent_by_socket add up to {}",
                             reply.sent(), sum),
                 kCounters};
  }
  return std::nullopt;
}

std::optional<Fault> Ledger::EnterEvents(const control::v1::Reply& reply) {
  for (const ack::v1::Event& event : reply.events()) {
    if (event.number() != last_event_ + 1) {
      return Fault{
          fmt::format("an event has number {} instead of {}", event.number(), last_event_ + 1),
          "CMB-OBS-011"};
    }
    ++last_event_;
  }
  return std::nullopt;
}

std::string Ledger::Debts() const {
  std::vector<std::string> debts;
  for (SocketNumber socket = 0; socket < layout_.size(); ++socket) {
    if (Owes(socket)) {
      debts.push_back(fmt::format("{} messages on {}, {} came", promised_[socket],
                                  layout_.Name(socket), received_[socket]));
    }
  }
  return fmt::format("the IUT says that it has sent {}", fmt::join(debts, ", and "));
}

}  // namespace cmb::conformance
