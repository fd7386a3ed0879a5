#include "reference/harness/claims.h"

#include <cctype>

#include "proto/wire/words.h"

namespace cmb::reference {
namespace {

std::string Changed(std::string word, int (*change)(int)) {
  for (char& c : word) {
    c = static_cast<char>(change(static_cast<unsigned char>(c)));
  }
  return word;
}

}  // namespace

std::vector<std::string> ProfileWords() {
  std::vector<std::string> words = wire::AllWords<ack::v1::Profile>();
  std::erase(words, wire::Word(ack::v1::PROFILE_CORE));  // It is never less than BASIC.
  return words;
}

std::vector<std::string> FeatureWords() {
  std::vector<std::string> words;
  for (const auto feature : Claims{}.features) {
    words.push_back(Changed(wire::Word(feature), std::tolower));
  }
  return words;
}

Claims ClaimsOf(const std::string& profile, const std::vector<std::string>& without) {
  Claims claims;
  claims.profile = wire::ParseWord<ack::v1::Profile>(profile).value();
  for (const auto& word : without) {
    claims.features.erase(wire::ParseWord<ack::v1::Feature>(Changed(word, std::toupper)).value());
  }
  return claims;
}

control::v1::Pics PicsOf(const Claims& claims) {
  control::v1::Pics pics;
  pics.set_name("cmb-reference");
  pics.set_version(CMB_VERSION);
  pics.add_schema_versions(1);
  for (const auto role : {ack::v1::ROLE_SENDER, ack::v1::ROLE_ROUTER, ack::v1::ROLE_TARGET}) {
    auto& claim = *pics.add_roles();
    claim.set_role(role);
    claim.set_profile(claims.profile);
  }
  for (const auto feature : claims.features) {
    pics.add_features(feature);
  }
  return pics;
}

}  // namespace cmb::reference
