// Two Protobuf values compared field by field. Pure; any thread.
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cmb::conformance::oracle::tables {

// What stands for a field that is not there.
inline constexpr char kAbsent[] = "absent";

struct FieldDifference {
  std::string path;            // "ack.attempt".
  std::string expected, seen;  // As people read them; "absent".
};

// The first field in which `seen` differs, in the order of field numbers. The fields that the
// register leaves open to `groups` and to "all" are passed over, or only begin as expected
// (choices.yaml); those that `groups` names in full are passed over too. Unknown fields count, and
// whether a message within is there.
std::optional<FieldDifference> FirstDifference(const google::protobuf::Message& expected,
                                               const google::protobuf::Message& seen,
                                               const std::vector<std::string_view>& groups);

}  // namespace cmb::conformance::oracle::tables
