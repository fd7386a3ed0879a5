#include "conformance/report/entry_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "proto/wire/words.h"

namespace cmb::conformance::report {
namespace {

using wire::Word;

std::string AckText(const ack::v1::Ack& ack) {
  std::string text = Word(ack.ack_type());
  if (ack.status() != ack::v1::STATUS_UNSPECIFIED) {
    text += "/" + Word(ack.status());
  }
  if (ack.error_code() != ack::v1::ERROR_CODE_UNSPECIFIED) {
    text += " " + Word(ack.error_code());
  }
  return text + fmt::format(" of '{}' attempt {}", ack.correlation_id(), ack.attempt());
}

std::string HeaderText(const ack::v1::CognitiveMessage& header) {
  if (header.msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
    return fmt::format("MESSAGE '{}' attempt {} ttl {} ms", header.message_id(), header.attempt(),
                       header.ttl_ms());
  }
  if (header.has_ack()) {
    return AckText(header.ack());
  }
  std::string text = Word(header.msg_type());
  for (const auto& ack : header.ack_batch().acks()) {
    text += " [" + AckText(ack) + "]";
  }
  return text;
}

std::string Text(const DataFrame& frame) {
  const bool to_iut = frame.direction == Direction::kToIut;
  const std::string way =
      fmt::format("{:<7} {:<8} {:<11} ", to_iut ? "to IUT" : "by IUT", frame.peer, frame.socket);
  if (!frame.header) {
    return fmt::format("{}does not decode: {}", way, frame.fault);
  }
  return fmt::format("{}{} (by {})", way, HeaderText(*frame.header), frame.header->source());
}

std::string Text(const ControlAct& act) {
  if (act.request.has_send()) {
    return fmt::format("the application sends '{}'", act.reply.sent_message().message_id());
  }
  if (act.request.has_cancel()) {
    return fmt::format("the application cancels '{}'", act.request.cancel().message_id());
  }
  return "";
}

std::string Text(const IutEvent& seen) {
  const ack::v1::Event& event = seen.event;
  switch (event.kind_case()) {
    case ack::v1::Event::kTransition:
      return fmt::format("event   [{}] {} -> {} ({})", event.transition().message_id(),
                         Word(event.transition().old_state()), Word(event.transition().new_state()),
                         Word(event.transition().reason()));
    case ack::v1::Event::kRetry:
      return fmt::format("event   [{}] retry ({}), waits {} ms", event.retry().message_id(),
                         Word(event.retry().reason()), event.retry().backoff_ms());
    case ack::v1::Event::kProgress:
      return fmt::format("event   [{}] progress {}", event.progress().message_id(),
                         event.progress().progress_number());
    case ack::v1::Event::kAnomaly:
      return fmt::format("event   [{}] anomaly {} {}", event.anomaly().message_id(),
                         Word(event.anomaly().kind()), event.anomaly().note());
    case ack::v1::Event::kAlert:
      return fmt::format("event   [{}] alert {}: {}", event.alert().message_id(),
                         Word(event.alert().state()), event.alert().text());
    case ack::v1::Event::kExecution:
      return fmt::format("event   [{}] execution, key '{}'", event.execution().message_id(),
                         event.execution().idempotency_key());
    case ack::v1::Event::KIND_NOT_SET:
      return "event   of no kind";
  }
  return "";
}

std::string Text(const Note& note) {
  return note.frame && note.frame->header
             ? fmt::format("note    {}: {}", note.text, HeaderText(*note.frame->header))
             : "note    " + note.text;
}

std::string Text(const StepMarker& marker) { return "step    " + marker.text; }

std::string Text(const ProcessMark& mark) {
  return mark.moment == ProcessMoment::kCrashed ? "process crashes" : "process starts";
}

bool IsPing(const Entry& entry) {
  const auto* frame = std::get_if<DataFrame>(&entry.what);
  return frame != nullptr && frame->header &&
         (frame->header->msg_type() == ack::v1::MSG_TYPE_PING ||
          frame->header->msg_type() == ack::v1::MSG_TYPE_PONG);
}

}  // namespace

std::string WhatText(const Entry& entry) {
  std::string text = std::visit([](const auto& what) { return Text(what); }, entry.what);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string EntryText(const Entry& entry) {
  const std::string text = WhatText(entry);
  return text.empty() ? text : fmt::format("{:>8} ms  {}", entry.at_ms, text);
}

std::vector<std::string> LastEntries(const Transcript& transcript, std::size_t most) {
  std::vector<std::string> lines;
  for (auto entry = transcript.entries.rbegin();
       entry != transcript.entries.rend() && lines.size() < most; ++entry) {
    std::string text = IsPing(*entry) ? "" : EntryText(*entry);
    if (!text.empty()) {
      lines.push_back(std::move(text));
    }
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

}  // namespace cmb::conformance::report
