// What an implementation claims. Values.
#pragma once

#include <set>
#include <string>

namespace cmb::conformance::explore {

// What the implementation claims for the role that is explored.
struct Claims {
  std::string role;                // sender, router, target.
  std::string profile;             // CORE, BASIC, TRACKED, DURABLE.
  std::set<std::string> features;  // ordered, batch_ack …
  bool fills = false;              // A full queue of ZeroMQ can be told to it.

  bool Has(const std::string& feature) const { return features.contains(feature); }
  bool IsTracked() const { return profile == "TRACKED" || IsDurable(); }
  bool IsDurable() const { return profile == "DURABLE"; }
  // A profile, or a feature.
  bool Declares(const std::string& word) const {
    return word == "CORE" || (word == "BASIC" && profile != "CORE") ||
           (word == "TRACKED" && IsTracked()) || (word == "DURABLE" && IsDurable()) || Has(word);
  }
};

}  // namespace cmb::conformance::explore
