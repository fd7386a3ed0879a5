#include "conformance/lower_tester/wall_words.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "proto/wire/frame_codec.h"

namespace cmb::conformance {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// No time of a policy is longer (7.1): what is above means something of its own.
constexpr std::uint64_t kLongestMs = 604'800'000;

enum class Meaning {
  kNone,
  kDuration,
  kInstant,
  kBehind,       // An instant one millisecond behind that of the case (10.3).
  kOpen,         // Of settings: no bound of the specification is meant by it.
  kWall,         // Since 1970.
  kSendersWall,  // The same, made by senders alone.
};

Meaning OfSpecial(const Message& message, const FieldDescriptor& field) {
  if (const auto* timer = dynamic_cast<const control::v1::Timer*>(&message)) {
    return IsBehind(*timer) ? Meaning::kBehind : Meaning::kInstant;
  }
  if (const auto* deadline = dynamic_cast<const control::v1::Deadline*>(&message)) {
    return deadline->class_() == control::v1::DEADLINE_CLASS_HOUSEKEEPING ? Meaning::kBehind
                                                                          : Meaning::kInstant;
  }
  const std::string& owner = field.containing_type()->name();
  return owner == "Settings" || owner == "CircuitSettings" ? Meaning::kOpen : Meaning::kDuration;
}

Meaning MeaningOf(const Message& message, const FieldDescriptor& field) {
  const std::string& name = field.name();
  if (name == "wall_base_ms" || (name != "ms" && !name.ends_with("_ms"))) {
    return Meaning::kNone;
  }
  if (name == "created_wall_ms") {
    return Meaning::kSendersWall;
  }
  if (name == "wall_ms") {
    return Meaning::kWall;
  }
  const bool is_instant = name == "monotonic_ms" || name == "now_ms";
  return is_instant ? Meaning::kInstant : OfSpecial(message, field);
}

// Calls `change` with each number of milliseconds in `message`, and keeps what it returns.
template <class Change>
void ForEach(Message& message, const Change& change) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      for (int i = 0; field->is_repeated() && i < reflection.FieldSize(message, field); ++i) {
        ForEach(*reflection.MutableRepeatedMessage(&message, field, i), change);
      }
      if (!field->is_repeated()) {
        ForEach(*reflection.MutableMessage(&message, field), change);
      }
    } else if (const Meaning meaning = MeaningOf(message, *field); meaning != Meaning::kNone) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT64 && !field->is_repeated()) {
        const std::uint64_t value = reflection.GetUInt64(message, field);
        reflection.SetUInt64(&message, field, change(meaning, value));
      }
    }
  }
}

// `change` of a wall time as of the instant that it tells.
template <class Change>
std::uint64_t OfWall(std::uint64_t wall_ms, std::uint64_t base_ms, const Change& change) {
  return wall_ms >= base_ms ? base_ms + change(wall_ms - base_ms)
                            : base_ms - change(base_ms - wall_ms);
}

}  // namespace

bool IsBehind(const control::v1::Timer& timer) {
  return timer.kind() == ack::v1::TIMER_KIND_RECONCILE ||
         timer.kind() == ack::v1::TIMER_KIND_RECORD_EXPIRY;
}

void SayDefaults(control::v1::Settings& settings) {
  const auto say = [](bool said, std::uint64_t ms, auto set) {
    if (!said) {
      set(ms);
    }
  };
  auto& circuit = *settings.mutable_circuit();
  say(settings.has_max_latency_ms(), 30'000, [&](auto ms) { settings.set_max_latency_ms(ms); });
  say(settings.has_reconcile_window_ms(), 300'000,
      [&](auto ms) { settings.set_reconcile_window_ms(ms); });
  say(settings.has_key_window_ms(), 3'600'000, [&](auto ms) { settings.set_key_window_ms(ms); });
  say(settings.has_dead_letter_ms(), kLongestMs, [&](auto ms) { settings.set_dead_letter_ms(ms); });
  say(settings.has_max_ttl_ms(), kLongestMs, [&](auto ms) { settings.set_max_ttl_ms(ms); });
  say(circuit.has_window_ms(), 60'000, [&](auto ms) { circuit.set_window_ms(ms); });
  say(circuit.has_open_ms(), 30'000, [&](auto ms) { circuit.set_open_ms(ms); });
}

std::optional<std::uint64_t> WallWords::ToIut(Message& message) const {
  std::optional<std::uint64_t> misfit;
  ForEach(message, [&](Meaning meaning, std::uint64_t ms) {
    if (meaning == Meaning::kSendersWall || meaning == Meaning::kWall) {
      return ms;  // For people.
    }
    const auto real = scale_.ToReal(ms);
    const bool is_bound = meaning != Meaning::kOpen && ms > kLongestMs;
    misfit = misfit || (real && !is_bound) ? misfit : ms;
    return real.value_or(ms);
  });
  return misfit;
}

std::optional<std::uint64_t> WallWords::ToIut(Frames& frames) {
  ack::v1::CognitiveMessage header;
  if (frames.size() != 2 || wire::DecodeHeader(frames[0], header)) {
    return std::nullopt;
  }
  const std::string as_it_was = header.SerializeAsString();
  if (auto misfit = ToIut(header)) {
    return misfit;
  }
  if (header.SerializeAsString() != as_it_was) {
    std::string shown = wire::EncodeHeader(header);
    shown_[shown] = std::exchange(frames[0], shown);
  }
  return std::nullopt;
}

std::uint64_t WallWords::FromIut(Message& message) const {
  std::uint64_t furthest = 0;
  const auto nearest = [this](std::uint64_t ms) { return scale_.ToProtocol(ms); };
  ForEach(message, [&](Meaning meaning, std::uint64_t ms) {
    switch (meaning) {
      case Meaning::kSendersWall:
        return role_ == ack::v1::ROLE_SENDER ? OfWall(ms, wall_base_ms_, nearest) : ms;
      case Meaning::kWall:
        return OfWall(ms, wall_base_ms_, nearest);
      case Meaning::kBehind:
        return ms == 0 ? 0 : nearest(ms - 1) + 1;
      case Meaning::kInstant:
        furthest = std::max<std::uint64_t>(
            furthest, static_cast<std::uint64_t>(std::abs(scale_.Lateness(ms))));
        return nearest(ms);
      case Meaning::kDuration:
      case Meaning::kOpen:
        return nearest(ms);
      case Meaning::kNone:
        break;
    }
    return ms;
  });
  return furthest;
}

void WallWords::FromIut(Frames& frames) const {
  ack::v1::CognitiveMessage header;
  if (frames.empty() || frames.size() != 2 || wire::DecodeHeader(frames[0], header)) {
    return;
  }
  if (const auto same = shown_.find(frames[0]); same != shown_.end()) {
    frames[0] = same->second;
    return;
  }
  const std::string as_it_was = header.SerializeAsString();
  static_cast<void>(FromIut(header));
  if (header.SerializeAsString() != as_it_was) {
    frames[0] = wire::EncodeHeader(header);
  }
}

}  // namespace cmb::conformance
