// The table of oracle_test.cc: for each rule a recorded transcript, and the small alteration that
// this rule, and no other, must reject. Test code only.
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "conformance/transcript/transcript.h"

namespace cmb::conformance::oracle {

struct Alteration {
  std::string rule;
  std::string requirement;  // That must be blamed.
  std::string recording;    // testdata/NAME.jsonl.
  std::string what;         // What is altered, in words.
  std::function<void(Transcript&)> alter;

  std::string TestName() const;
};

// For the messages of GoogleTest.
inline void PrintTo(const Alteration& alteration, std::ostream* out) {
  *out << alteration.rule << ": " << alteration.what << " (" << alteration.recording << ")";
}

std::vector<Alteration> SenderAlterations();
std::vector<Alteration> RouterAlterations();
std::vector<Alteration> TargetAlterations();
std::vector<Alteration> FieldAlterations();
std::vector<Alteration> TrackedAlterations();
std::vector<Alteration> DurableAlterations();
std::vector<Alteration> FeatureAlterations();
std::vector<Alteration> Alterations();  // All of them.

}  // namespace cmb::conformance::oracle
