// What cmb-reference-iut claims to be: all of the reference, or on request
// less, so that the suite can see how less behaves.
//
// Made by iut_main from its flags, used by Harness and IutRole. Threads: values
// only. Spec: chapter "The control channel", PICS.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "cmb/control/v1/control.pb.h"
#include "reference/lifecycle/words.h"

namespace cmb::reference {

struct Claims {
  ack::v1::Profile profile = ack::v1::PROFILE_DURABLE;  // Of every role.
  std::set<ack::v1::Feature> features{
      ack::v1::FEATURE_ORDERED,         ack::v1::FEATURE_FALLBACK,
      ack::v1::FEATURE_CIRCUIT_BREAKER, ack::v1::FEATURE_CONDITIONAL_ACK,
      ack::v1::FEATURE_BATCH_ACK,       ack::v1::FEATURE_CURVE,
      ack::v1::FEATURE_METRICS,         ack::v1::FEATURE_VIRTUAL_CLOCK,
      ack::v1::FEATURE_INLINE_FRAMES,   ack::v1::FEATURE_INLINE_HEADERS,
  };

  bool Has(ack::v1::Feature feature) const { return features.contains(feature); }
  bool IsDurable() const { return profile == ack::v1::PROFILE_DURABLE; }
  lifecycle::Profile CoreProfile() const { return static_cast<lifecycle::Profile>(profile); }
};

// The words of the flags --profile and --without, in lower case for features.
std::vector<std::string> ProfileWords();
std::vector<std::string> FeatureWords();

// `profile` and every feature but those named in `without`. REQUIRES: words of
// the two lists above.
Claims ClaimsOf(const std::string& profile, const std::vector<std::string>& without);

// CMB-VER-001.
control::v1::Pics PicsOf(const Claims& claims);

}  // namespace cmb::reference
