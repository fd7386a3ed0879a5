// Reads and changes fields of decoded Protobuf values by their dotted path
// (`ack.correlation_id`), over reflection, so that a scenario may name any
// field of the schema. Called by the matchers and the frame factory. Pure; safe
// from any thread. Scenario language, section 2 ("Making wrong frames", "Field
// matchers").
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/scenario/values.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace cmb::conformance::engine {

// What stands at a path, as texts in the words of the spec: enum words without
// prefix, numbers in decimal, booleans `true` and `false`, bytes as they are.
struct FieldValue {
  bool known = false;    // The schema has such a path.
  bool present = false;  // On the wire. A field of implicit presence: not zero.
  bool list = false;     // A repeated field, or one inside a repeated message.
  // Of a single field exactly one (the default when it is absent but has
  // implicit presence); none when an optional field is absent.
  std::vector<std::string> values;

  std::string Text() const;  // For people: `absent`, `[a, b]`, `x`.
};

// `unknown.N` reads the length-delimited field N that the schema does not know.
FieldValue ReadField(const google::protobuf::Message& message, const std::string& path);

// Applies one change. `values` are the texts of `change`, references expanded.
// Returns the sentence that says why it cannot be done; nothing when it is done.
std::optional<std::string> WriteField(google::protobuf::Message& message,
                                      const scenario::SetField& change,
                                      const std::vector<std::string>& values);

// Removes what stands at `path`; a path that the schema does not have is left.
void ClearField(google::protobuf::Message& message, const std::string& path);

}  // namespace cmb::conformance::engine
