#include "conformance/scenario/field_paths.h"

#include <google/protobuf/descriptor.h>

#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "cmb/ack/v1/record.pb.h"
#include "conformance/scenario/nearest.h"
#include "conformance/scenario/scalars.h"
#include "conformance/scenario/vocabulary.h"

namespace cmb::conformance::scenario {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

const Descriptor* SchemaOf(Term::Kind kind) {
  switch (kind) {
    case Term::Kind::kMessage:
    case Term::Kind::kAck:
    case Term::Kind::kPing:
    case Term::Kind::kPong:
    case Term::Kind::kReply:
    case Term::Kind::kAny:
      return words::CognitiveMessage::descriptor();
    case Term::Kind::kTransition:
      return words::TransitionEvent::descriptor();
    case Term::Kind::kAnomaly:
      return words::Anomaly::descriptor();
    case Term::Kind::kAlert:
      return words::Alert::descriptor();
    case Term::Kind::kExecution:
      return words::Execution::descriptor();
  }
  return nullptr;
}

std::vector<std::string> FieldNames(const Descriptor& schema) {
  std::vector<std::string> names;
  for (int i = 0; i < schema.field_count(); ++i) {
    names.push_back(schema.field(i)->name());
  }
  return names;
}

// The field, or null with `wrong` naming the part of the path that is unknown
// and `known` what could stand there.
const FieldDescriptor* Walk(const Descriptor* schema, std::string_view path, std::string* wrong,
                            std::vector<std::string>* known) {
  const FieldDescriptor* field = nullptr;
  while (!path.empty() && schema != nullptr) {
    const std::size_t dot = path.find('.');
    *wrong = std::string(path.substr(0, dot));
    *known = FieldNames(*schema);
    field = schema->FindFieldByName(*wrong);
    if (field == nullptr) {
      return nullptr;
    }
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    schema = field->message_type();
    if (schema == nullptr && !path.empty()) {
      *wrong = std::string(path);
      known->clear();
      return nullptr;
    }
  }
  return field;
}

bool IsNumeric(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64 ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_INT32 ||
         field.cpp_type() == FieldDescriptor::CPPTYPE_INT64;
}

std::string NormalEnum(const Where& where, const std::string& text, const FieldDescriptor& field,
                       Report& report) {
  const auto& type = *field.enum_type();
  constexpr std::uint64_t kLargestEnum = 2'147'483'647;
  if (const auto number = WholeNumber(text)) {
    if (*number <= kLargestEnum) {
      return wire::WordOfNumber(type, static_cast<int>(*number));
    }
  } else if (wire::NumberOfWord(type, text)) {
    return text;
  }
  report.Error(where, ErrorNumber::kWord,
               UnknownWord(text, "value of " + field.name(), wire::WordsOf(type)));
  return "";
}

}  // namespace

const FieldDescriptor* FindRecordField(const Where& where, std::string_view path, Report& report) {
  std::string wrong;
  std::vector<std::string> known;
  const Descriptor* schema = words::TransactionRecord::descriptor();
  const FieldDescriptor* field = Walk(schema, path, &wrong, &known);
  if (field == nullptr) {
    report.Error(
        where, ErrorNumber::kShape,
        "'" + std::string(path) + "' is no field of " + schema->name() + Suggestion(wrong, known));
  }
  return field;
}

const FieldDescriptor* FindField(const Where& where, std::string_view path, Term::Kind kind,
                                 Report& report) {
  const Descriptor* schema = SchemaOf(kind);
  std::string wrong;
  std::vector<std::string> known;
  const FieldDescriptor* field = Walk(schema, path, &wrong, &known);
  if (field == nullptr && kind == Term::Kind::kReply) {
    schema = words::QueryReply::descriptor();
    field = Walk(schema, path, &wrong, &known);
  }
  if (field == nullptr) {
    report.Error(
        where, ErrorNumber::kShape,
        "'" + std::string(path) + "' is no field of " + schema->name() + Suggestion(wrong, known));
  }
  return field;
}

bool HasNamedField(Term::Kind kind, std::string_view name) {
  if (kind == Term::Kind::kAny || kind == Term::Kind::kReply) {
    return true;
  }
  const std::string field = name == "ttl"                ? "ttl_ms"
                            : name == "hold"             ? "hold_ms"
                            : name != "text"             ? std::string(name)
                            : kind == Term::Kind::kAlert ? "text"
                                                         : "note";
  return SchemaOf(kind)->FindFieldByName(field) != nullptr ||
         (kind == Term::Kind::kAck && words::Ack::descriptor()->FindFieldByName(field) != nullptr);
}

bool IsUnknownPath(std::string_view path) {
  return path.starts_with("unknown.") || path.starts_with("ack.unknown.");
}

bool IsFramePath(std::string_view path, Term::Kind kind) {
  std::string wrong;
  std::vector<std::string> known;
  return Walk(words::CognitiveMessage::descriptor(), path, &wrong, &known) != nullptr ||
         (kind == Term::Kind::kReply &&
          Walk(words::QueryReply::descriptor(), path, &wrong, &known) != nullptr);
}

std::string NormalValue(const Where& where, const std::string& text, const FieldDescriptor& field,
                        Report& report) {
  // What a kept frame will say cannot be judged before the case runs.
  const bool is_reference = text.starts_with('$');
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM && !is_reference) {
    return NormalEnum(where, text, field, report);
  }
  if (IsNumeric(field) && !is_reference && !WholeNumber(text)) {
    report.Error(where, ErrorNumber::kScalar,
                 "'" + text + "' is not a whole number, which " + field.name() + " is");
    return "";
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_BOOL && !is_reference && text != "true" &&
      text != "false") {
    report.Error(where, ErrorNumber::kScalar,
                 "'" + text + "' is not true or false, which " + field.name() + " is");
    return "";
  }
  return text;
}

}  // namespace cmb::conformance::scenario
