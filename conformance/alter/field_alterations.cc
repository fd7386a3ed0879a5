#include "conformance/alter/field_alterations.h"

#include <memory>
#include <utility>
#include <vector>

#include "conformance/alter/slot.h"

namespace cmb::conformance::alter {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

struct Variant {
  std::string done;
  std::function<void(const Slot&)> apply;
};

void Clear(const Slot& slot) {
  slot.message->GetReflection()->ClearField(slot.message, slot.field);
}

Variant ToNumber(std::string done, std::int64_t number) {
  return {std::move(done), [number](const Slot& slot) { slot.SetNumber(number); }};
}

Variant ToText(std::string done, std::string text) {
  return {std::move(done), [text = std::move(text)](const Slot& slot) { slot.SetText(text); }};
}

// The neighbours in the schema, the unspecified one left out.
std::vector<Variant> OfEnum(const Slot& slot) {
  const auto& type = *slot.field->enum_type();
  std::vector<int> known;
  std::size_t at = 0;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) {
      at = type.value(i)->number() == slot.Number() ? known.size() : at;
      known.push_back(type.value(i)->number());
    }
  }
  if (slot.IsAbsent()) {
    return {ToNumber("set", known.front())};
  }
  return {ToNumber("other value", known[(at + 1) % known.size()]),
          ToNumber("other value", known[(at + known.size() - 1) % known.size()])};
}

std::vector<Variant> OfNumber(const Slot& slot) {
  if (slot.field->cpp_type() == FieldDescriptor::CPPTYPE_BOOL) {
    return {ToNumber(slot.IsAbsent() ? "set" : "other value", slot.Number() == 0 ? 1 : 0)};
  }
  if (slot.IsAbsent()) {
    return {ToNumber("set", 1)};
  }
  std::vector<Variant> variants{ToNumber("+1", slot.Number() + 1)};
  if (slot.Number() > 0) {
    variants.push_back(ToNumber("-1", slot.Number() - 1));
  }
  return variants;
}

std::vector<Variant> OfText(const Slot& slot, const Texts& texts) {
  std::vector<Variant> variants{ToText(slot.IsAbsent() ? "set" : "changed", slot.Text() + "x")};
  const auto known = texts.find(slot.field->name());
  if (known != texts.end()) {
    auto other = known->second.upper_bound(slot.Text());
    other = other == known->second.end() ? known->second.begin() : other;
    variants.push_back(ToText(slot.IsAbsent() ? "set" : "another's", *other));
  }
  return variants;
}

// But for what is inside a message.
std::vector<Variant> VariantsOf(const Slot& slot, const Texts& texts) {
  std::vector<Variant> variants;
  if (slot.IsMessage()) {
    if (slot.IsAbsent()) {
      variants.push_back({"set", [](const Slot& at) { at.Nested(); }});
    }
  } else if (slot.IsText()) {
    variants = OfText(slot, texts);
  } else {
    variants =
        slot.field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM ? OfEnum(slot) : OfNumber(slot);
  }
  if (slot.element < 0 && !slot.IsAbsent()) {
    variants.insert(variants.begin(), {"cleared", Clear});  // One less than 1 may say the same.
  }
  return variants;
}

Slot AddedElement(const Slot& list) {
  const auto& reflection = *list.message->GetReflection();
  const int size = reflection.FieldSize(*list.message, list.field);
  switch (list.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection.AddUInt32(list.message, list.field, 1);
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      reflection.AddUInt64(list.message, list.field, 1);
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection.AddInt32(list.message, list.field, 1);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      reflection.AddInt64(list.message, list.field, 1);
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      reflection.AddDouble(list.message, list.field, 1);
      break;
    case FieldDescriptor::CPPTYPE_FLOAT:
      reflection.AddFloat(list.message, list.field, 1);
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.AddBool(list.message, list.field, true);
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection.AddEnumValue(list.message, list.field, 1);
      break;
    case FieldDescriptor::CPPTYPE_STRING:
      reflection.AddString(list.message, list.field, "x");
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      reflection.AddMessage(list.message, list.field);
      break;
  }
  return {list.message, list.field, size};
}

// What an element of a list is, where it says so: a timer by its kind, an ACK by its type.
std::string KindOf(const Slot& element) {
  for (const char* name : {"kind", "ack_type"}) {
    const auto* type = element.IsMessage() ? element.field->message_type() : nullptr;
    const FieldDescriptor* field = type == nullptr ? nullptr : type->FindFieldByName(name);
    if (field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      const Message& message = element.Nested();
      return ":" + message.GetReflection()->GetEnum(message, field)->name();
    }
  }
  return "";
}

void CopyElement(const Slot& from, const Slot& to) {
  if (from.IsMessage()) {
    to.Nested().CopyFrom(from.Nested());
  } else if (from.IsText()) {
    to.SetText(from.Text());
  } else {
    to.SetNumber(from.Number());
  }
}

void DropElement(const Slot& slot) {
  const auto& reflection = *slot.message->GetReflection();
  const int size = reflection.FieldSize(*slot.message, slot.field);
  for (int i = slot.element; i + 1 < size; ++i) {
    reflection.SwapElements(slot.message, slot.field, i, i + 1);
  }
  reflection.RemoveLast(slot.message, slot.field);
}

class Walk {
 public:
  Walk(Message& root, const Texts& texts, const Skipped& skipped, const FieldVisit& visit)
      : root_(root), texts_(texts), skipped_(skipped), visit_(visit) {
    seen_.insert(root.SerializeAsString());
  }

  void Through(Message& message, const std::string& path) {
    const std::unique_ptr<Message> saved(message.New());
    saved->CopyFrom(message);
    const auto& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor* field = type.field(i);
      if (!skipped_(*field)) {
        Field({&message, field}, *saved, path + field->name());
      }
    }
  }

 private:
  void Field(const Slot& slot, const Message& saved, const std::string& path) {
    if (slot.field->is_repeated()) {
      List(slot, saved, path);
    } else if (const auto* choice = slot.field->real_containing_oneof();
               choice == nullptr || !slot.IsAbsent()) {
      Value(slot, saved, path, choice != nullptr);
    }
  }

  // A message that is one of several kinds stays of that kind.
  void Value(const Slot& slot, const Message& saved, const std::string& path, bool is_kind) {
    if (!is_kind) {
      Apply(slot, saved, path);
    }
    if (slot.IsMessage() && !slot.IsAbsent()) {
      Through(slot.Nested(), path + ".");
    } else if (slot.IsMessage() && !in_absent_) {  // One that is there for one field.
      in_absent_ = true;
      Through(slot.Nested(), path + ".");
      in_absent_ = false;
      slot.message->CopyFrom(saved);
    }
  }

  void Apply(const Slot& slot, const Message& saved, const std::string& path) {
    for (const Variant& variant : VariantsOf(slot, texts_)) {
      variant.apply(slot);
      Show(*slot.message, saved, path, variant.done);
    }
  }

  void List(const Slot& list, const Message& saved, const std::string& path) {
    const int size = list.message->GetReflection()->FieldSize(saved, list.field);
    for (int i = 0; i < size; ++i) {
      const Slot element{list.message, list.field, i};
      const std::string name = path + KindOf(element);
      Value(element, saved, name, false);
      DropElement(element);
      Show(*list.message, saved, name, "element dropped");
      CopyElement(element, AddedElement(list));
      Show(*list.message, saved, name, "element doubled");
    }
    AddedElement(list);
    Show(*list.message, saved, path, "element added");
  }

  void Show(Message& message, const Message& saved, const std::string& path,
            const std::string& done) {
    if (seen_.insert(root_.SerializeAsString()).second) {
      visit_(path, done);
    }
    message.CopyFrom(saved);
  }

  Message& root_;
  const Texts& texts_;
  const Skipped& skipped_;
  const FieldVisit& visit_;
  std::set<std::string> seen_;  // Bytes.
  bool in_absent_ = false;      // Below a message that the original does not have.
};

}  // namespace

void CollectTexts(const Message& message, Texts& texts) {
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const bool listed = field->is_repeated();
    const int size = listed ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < size; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        CollectTexts(listed ? reflection.GetRepeatedMessage(message, field, i)
                            : reflection.GetMessage(message, field),
                     texts);
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        texts[field->name()].insert(listed ? reflection.GetRepeatedString(message, field, i)
                                           : reflection.GetString(message, field));
      }
    }
  }
}

void ForEachFieldAlteration(Message& message, const Texts& texts, const Skipped& skipped,
                            const FieldVisit& visit) {
  Walk(message, texts, skipped, visit).Through(message, "");
}

}  // namespace cmb::conformance::alter
