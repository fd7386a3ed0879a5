#include "conformance/engine/pics_gate.h"

#include <algorithm>
#include <cctype>

#include "proto/wire/profiles.h"
#include "proto/wire/words.h"

namespace cmb::conformance::engine {
namespace {

std::string Upper(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
  return word;
}

}  // namespace

PicsGate::PicsGate(const control::v1::Pics& pics, ack::v1::Role role) : role_(role) {
  for (const control::v1::RoleClaim& claim : pics.roles()) {
    if (claim.role() == role) {
      profile_ = claim.profile();
    }
  }
  for (const int feature : pics.features()) {
    features_.push_back(static_cast<ack::v1::Feature>(feature));
  }
}

bool PicsGate::Declares(const std::string& word) const {
  const std::string upper = Upper(word);
  if (const auto profile = wire::ParseWord<ack::v1::Profile>(upper)) {
    return wire::Holds(profile_, *profile);
  }
  const auto feature = wire::ParseWord<ack::v1::Feature>(upper);
  return feature && std::find(features_.begin(), features_.end(), *feature) != features_.end();
}

bool PicsGate::Holds(const scenario::Condition& condition) const {
  const auto declares = [this](const std::string& word) { return Declares(word); };
  return std::all_of(condition.pics.begin(), condition.pics.end(), declares) &&
         std::none_of(condition.lacks.begin(), condition.lacks.end(), declares);
}

std::optional<std::string> PicsGate::Refusal(const scenario::Case& scenario) const {
  if (profile_ == ack::v1::PROFILE_UNSPECIFIED) {
    return "the IUT does not claim the role " + wire::Word(role_);
  }
  if (!wire::Holds(profile_, scenario.profile)) {
    return "the IUT claims " + wire::Word(profile_) + ", not " + wire::Word(scenario.profile) +
           ", for the role " + wire::Word(role_);
  }
  for (const std::string& word : scenario.needs) {
    if (!Declares(word)) {
      return "the IUT does not claim " + word;
    }
  }
  for (const std::string& word : scenario.lacks) {
    if (Declares(word)) {
      return "the IUT claims " + word + ", and the case is for those without it";
    }
  }
  if (!Declares("virtual_clock")) {
    return "the IUT does not claim virtual_clock, and wall time is not yet supported";
  }
  if (scenario.clock == scenario::Clock::kWall) {
    return "the case asks for wall time, which is not yet supported";
  }
  return std::nullopt;
}

}  // namespace cmb::conformance::engine
