// What the implementation declares (PICS), asked in the words of scenarios, and
// whether a case can run on it. Support is declared, never inferred from a
// failure. Called by RunCase and the step runner. Values; any thread. Scenario
// language, section 1; design, section 2.8.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cmb/ack/v1/vocabulary.pb.h"
#include "cmb/control/v1/control.pb.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

class PicsGate {
 public:
  PicsGate(const control::v1::Pics& pics, ack::v1::Role role);

  // The profile declared for the role. UNSPECIFIED: the role is not claimed.
  ack::v1::Profile profile() const { return profile_; }
  const std::vector<ack::v1::Feature>& features() const { return features_; }

  // A feature (`batch_ack`) or a profile (`TRACKED`), which counts as one.
  bool Declares(const std::string& word) const;

  // All of `pics` and none of `lacks`.
  bool Holds(const scenario::Condition& condition) const;

  // Why the case cannot run on this implementation. Absent: it can.
  std::optional<std::string> Refusal(const scenario::Case& scenario) const;

 private:
  ack::v1::Role role_;
  ack::v1::Profile profile_ = ack::v1::PROFILE_UNSPECIFIED;
  std::vector<ack::v1::Feature> features_;
};

}  // namespace cmb::conformance::engine
