// Paths of fields: `ack.correlation_id` of a header, `details.skipped` of an
// event. Checked against the schemas. No state.
#pragma once

#include <string>
#include <string_view>

#include "conformance/scenario/report.h"

namespace google::protobuf {
class FieldDescriptor;
}

namespace cmb::conformance::scenario {

// The field at the end of `path` in the record or frame of that kind; null
// with an error. Of a REPLY what no header has is looked for in `reply`.
const google::protobuf::FieldDescriptor* FindField(const Where& where, std::string_view path,
                                                   Term::Kind kind, Report& report);

// The same in the record that a role tells of a message.
const google::protobuf::FieldDescriptor* FindRecordField(const Where& where, std::string_view path,
                                                         Report& report);

// Whether what is of that kind can have what stands beside a term as `attempt`, `ttl`, `percent`,
// `hold` or `text`.
bool HasNamedField(Term::Kind kind, std::string_view name);

// unknown.N or ack.unknown.N.
bool IsUnknownPath(std::string_view path);

// Whether a frame of that kind has that field, for `$name.path`.
bool IsFramePath(std::string_view path, Term::Kind kind);

// `text` as the value of `field`, in the one form that values have: enum words
// without prefix, decimal numbers. Empty and an error when it is none.
// Numbers that no word stands for are kept: unknown values can be written.
std::string NormalValue(const Where& where, const std::string& text,
                        const google::protobuf::FieldDescriptor& field, Report& report);

}  // namespace cmb::conformance::scenario
