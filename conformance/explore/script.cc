#include "conformance/explore/script.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "conformance/explore/numbers.h"

namespace cmb::conformance::explore {
namespace {

using scenario::Node;

// No single advance is longer: a timer of a week, and one that comes after it.
constexpr std::uint64_t kLongestMs = 2ULL * 604'800'000;

std::uint64_t MillisecondsOf(const Node& fields, const char* key, std::uint64_t fallback) {
  const std::string text = fields.TextOf(key);
  return text.empty() ? fallback : std::stoull(text);
}

}  // namespace

std::string Script::NewAlias() {
  return unsent_.empty() ? "m" + std::to_string(++made_) : std::exchange(unsent_, {});
}

bool Script::Met(const std::string& alias) const {
  return std::find(aliases_.begin(), aliases_.end(), alias) != aliases_.end();
}

void Script::Arms(std::uint64_t after_ms) {
  if (after_ms <= kLongestMs) {
    instants_.insert(now_ms_ + after_ms);
  }
}

void Script::ArmsOf(const Node& message) {
  const std::uint64_t router_ack = MillisecondsOf(message, "router_ack", 1'000);
  const std::uint64_t delivery_ack = MillisecondsOf(message, "delivery_ack", 10'000);
  const std::uint64_t execution = MillisecondsOf(message, "execution", 60'000);
  const Node* backoff = message.Find("backoff");
  const std::uint64_t first = backoff == nullptr ? 1'000 : MillisecondsOf(*backoff, "first", 1'000);
  Arms(router_ack);
  Arms(router_ack + first);
  Arms(delivery_ack);
  Arms(delivery_ack + first);
  Arms(execution);
  Arms(MillisecondsOf(message, "ttl", 300'000));
}

std::uint64_t Script::DrawLength() {
  static const std::vector<std::uint64_t> kAnywhere{0,      1,      999,     1'000,    1'001,
                                                    30'000, 60'000, 300'000, 3'600'000};
  const auto next = instants_.upper_bound(now_ms_);
  if (next == instants_.end() || OneIn(5)) {
    return OneOf(kAnywhere);
  }
  auto chosen = next;
  std::advance(chosen, static_cast<std::ptrdiff_t>(Below(
                           static_cast<std::uint64_t>(std::distance(next, instants_.end())))));
  const std::uint64_t length = (OneIn(2) ? *next : *chosen) - now_ms_;
  const std::uint64_t beside = Below(6);
  return beside == 0 ? length - 1 : beside == 1 ? length + 1 : length;
}

void Script::Advance(const std::vector<Node>& before_timers) {
  const std::uint64_t length = DrawLength();
  Fields step;
  step.Put("advance", Ms(length));
  if (!before_timers.empty()) {
    step.Put("before_timers", ListOf(before_timers));
  }
  Add(step);
  now_ms_ += length;
}

Node Script::Document(const std::string& id, const std::string& requirement,
                      const Fields& header) const {
  Fields document;
  document.Put("id", id)
      .Put("title", "Found by explore")
      .Put("role", claims_.role)
      .Put("requirements", List({requirement}));
  if (tracked()) {
    document.Put("profile", claims_.profile);
  }
  for (const scenario::Entry& entry : header.node().entries) {
    document.Put(entry.key.text, entry.value);
  }
  std::vector<Node> steps = steps_;
  // A scenario that observes nothing is refused. This holds always, and is judged always.
  Fields last;
  last.Put("check", claims_.role).Put("anomalies", "0..1000000");
  steps.push_back(last.node());
  document.Put("steps", ListOf(std::move(steps)));
  return document.node();
}

}  // namespace cmb::conformance::explore
