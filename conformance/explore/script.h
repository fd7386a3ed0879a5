// One scenario while it is drawn: who is there, which messages exist, which timers may be in play.
// It keeps to what the language and the declared claims allow as far as it can; the loader has the
// last word. Only while there is a Drawing.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "conformance/explore/claims.h"
#include "conformance/explore/draw.h"

namespace cmb::conformance::explore {

class Script {
 public:
  explicit Script(const Claims& claims) : claims_(claims) {}

  const Claims& claims() const { return claims_; }
  bool tracked() const { return claims_.IsTracked(); }

  // Messages that exist already. `Any` needs one.
  const std::vector<std::string>& aliases() const { return aliases_; }
  std::string Any() const { return OneOf(aliases_); }
  // One that was given and not sent is sent first.
  std::string NewAlias();
  void Unsent(const std::string& alias) { unsent_ = alias; }
  bool Met(const std::string& alias) const;
  void Declare(const std::string& alias) { aliases_.push_back(alias); }

  // Steps, in their order.
  void Add(const Fields& step) { steps_.push_back(step.node()); }
  std::size_t size() const { return steps_.size(); }
  void Add(scenario::Node step) { steps_.push_back(std::move(step)); }

  // A timer may fire `after_ms` from now; an advance likes to go there.
  void Arms(std::uint64_t after_ms);
  void ArmsOf(const scenario::Node& message);  // Those of its policy.
  // Moves the clock: to such an instant, beside it, or anywhere. Acts at its end come before the
  // timers of that millisecond.
  void Advance(const std::vector<scenario::Node>& before_timers);

  // A reconcile window may be of any length: a CANCEL, which is repeated until it ends, would be
  // many thousand times.
  bool no_cancels = false;
  bool well_behaved = false;  // The peers, by themselves.
  std::set<std::string> away, full;

  // The whole document. `id` and `requirement` are what it says of itself.
  scenario::Node Document(const std::string& id, const std::string& requirement,
                          const Fields& header) const;

 private:
  std::uint64_t DrawLength();

  const Claims& claims_;
  std::vector<std::string> aliases_;
  std::string unsent_;
  std::vector<scenario::Node> steps_;
  std::set<std::uint64_t> instants_;
  std::uint64_t now_ms_ = 0;
  int made_ = 0;
};

}  // namespace cmb::conformance::explore
