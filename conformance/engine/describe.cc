#include "conformance/engine/describe.h"

#include <fmt/format.h>

#include "proto/wire/words.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

// The alias when the id has one, else the id itself: never a guess.
std::string NameOf(const std::string& message_id, const std::string& source,
                   const MessageBook& book) {
  const Known* owner = book.Owner(message_id, source);
  if (owner != nullptr) {
    return owner->alias;
  }
  return message_id.empty() ? "no message" : "unknown message \"" + message_id + "\"";
}

std::string AckText(const ack::v1::Ack& ack, const MessageBook& book) {
  std::string text = wire::Word(ack.ack_type());
  if (ack.ack_type() != ack::v1::ACK_TYPE_CANCEL) {
    text += "/" + wire::Word(ack.status());
  }
  if (ack.error_code() != ack::v1::ERROR_CODE_UNSPECIFIED) {
    text += " " + wire::Word(ack.error_code());
  }
  text += fmt::format(" of {}, attempt {}", NameOf(ack.correlation_id(), "", book), ack.attempt());
  if (ack.progress_number() != 0) {
    text += fmt::format(", progress {}", ack.progress_number());
  }
  if (ack.has_percent()) {
    text += fmt::format(", {} percent", ack.percent());
  }
  if (ack.has_hold_ms()) {
    text += ", hold " + DurationText(ack.hold_ms());
  }
  if (!ack.note().empty()) {
    text += fmt::format(", note \"{}\"", ack.note());
  }
  return text;
}

std::string TransitionText(const ack::v1::TransitionEvent& event) {
  std::string text = fmt::format("{} -> {} ({})", wire::Word(event.old_state()),
                                 wire::Word(event.new_state()), wire::Word(event.reason()));
  for (const int skipped : event.details().skipped()) {
    text += ", skipped " + wire::Word(static_cast<ack::v1::AckType>(skipped));
  }
  return text;
}

std::string EventText(const ack::v1::Event& event) {
  switch (event.kind_case()) {
    case ack::v1::Event::kTransition:
      return TransitionText(event.transition());
    case ack::v1::Event::kRetry:
      return fmt::format("retry of attempt {} after {} ({})", event.retry().attempt(),
                         DurationText(event.retry().backoff_ms()),
                         wire::Word(event.retry().reason()));
    case ack::v1::Event::kProgress:
      return fmt::format("progress {}", event.progress().progress_number());
    case ack::v1::Event::kAnomaly:
      return "anomaly " + wire::Word(event.anomaly().kind()) +
             (event.anomaly().note().empty() ? "" : " \"" + event.anomaly().note() + "\"");
    case ack::v1::Event::kAlert:
      return fmt::format("alert {} \"{}\"", wire::Word(event.alert().state()),
                         event.alert().text());
    case ack::v1::Event::kExecution:
      return fmt::format("execution, attempt {}", event.execution().attempt());
    case ack::v1::Event::KIND_NOT_SET:
      return "an event of no known kind";
  }
  return "";
}

std::string FrameText(const Item& item, const MessageBook& book) {
  if (item.kind == ItemKind::kUndecodable) {
    return "a frame that does not decode (" + item.fault + ")";
  }
  return DescribeHeader(item.frame->header, book) + (item.batched ? ", in a batch" : "");
}

}  // namespace

std::string DurationText(std::uint64_t ms) {
  constexpr std::uint64_t kSecond = 1'000;
  constexpr std::uint64_t kMinute = 60 * kSecond;
  if (ms != 0 && ms % kMinute == 0) {
    return fmt::format("{}min", ms / kMinute);
  }
  if (ms != 0 && ms % kSecond == 0) {
    return fmt::format("{}s", ms / kSecond);
  }
  return fmt::format("{}ms", ms);
}

std::string DescribeHeader(const CognitiveMessage& header, const MessageBook& book) {
  const std::string type = wire::Word(header.msg_type());
  if (header.msg_type() == ack::v1::MSG_TYPE_ACK && header.has_ack()) {
    return AckText(header.ack(), book);
  }
  if (header.msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
    return fmt::format("MESSAGE {}, attempt {}, ttl {}",
                       NameOf(header.message_id(), header.source(), book), header.attempt(),
                       DurationText(header.ttl_ms()));
  }
  const std::string& id =
      header.correlation_id().empty() ? header.message_id() : header.correlation_id();
  return fmt::format("{} of {}", type, NameOf(id, header.source(), book));
}

std::string Describe(const Item& item, const MessageBook& book) {
  const std::string at = "at " + DurationText(item.at_ms) + ": ";
  if (item.IsFrame()) {
    return at + FrameText(item, book) +
           fmt::format(" (to {} on {})", ModuleOf(item.peer), item.socket);
  }
  const std::string text = at + EventText(*item.event);
  return item.message_id.empty() ? text
                                 : text + " of " + NameOf(item.message_id, item.source, book);
}

std::vector<std::string> DescribeWindow(const Window& window, const MessageBook& book,
                                        std::size_t most) {
  std::vector<std::string> lines;
  for (std::size_t i = window.begin(); i < window.end() && lines.size() < most; ++i) {
    lines.push_back((window[i].consumed ? "[seen] " : "       ") + Describe(window[i], book));
  }
  const std::size_t all = window.end() - window.begin();
  if (all > lines.size()) {
    lines.push_back(fmt::format("... and {} more", all - lines.size()));
  }
  return lines;
}

}  // namespace cmb::conformance::engine
