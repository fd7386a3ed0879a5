#include "reference/program/log_sink.h"

#include <fmt/format.h>

#include "cmb/ack/v1/message.pb.h"
#include "proto/wire/words.h"
#include "reference/sinks/event_line.h"

namespace cmb::reference {
namespace {

using wire::Word;

// Ids and notes of others may be as long as a header.
constexpr std::size_t kLongestLine = 1000;
constexpr std::size_t kLongestCause = 200;

std::string Cut(std::string escaped, std::size_t longest) {
  if (escaped.size() > longest) {
    while (longest > 0 && (static_cast<unsigned char>(escaped[longest]) & 0xc0) == 0x80) {
      --longest;  // No half of a character.
    }
    const std::size_t left = escaped.size() - longest;
    escaped.resize(longest);
    escaped += fmt::format("... ({} bytes more)", left);
  }
  return escaped;
}

std::string NoteOf(const std::string& note) { return note.empty() ? "" : ", " + note; }

std::string LetterLine(const ack::v1::TransitionEvent& event) {
  return fmt::format("[{}] is a dead letter: {}{} (from {} to {} on {})", event.message_id(),
                     Word(event.details().error_code()), NoteOf(event.details().note()),
                     event.source(), event.target(), event.channel());
}

// Chapter 5.5: one that no room is left to remember is TIMEOUT, not ROUTER_ACK.
bool IsRefusal(const lifecycle::AckOut& ack) {
  return ack.type == lifecycle::AckType::kRouterAck
             ? ack.status != lifecycle::Status::kSuccess
             : ack.type == lifecycle::AckType::kTimeout &&
                   ack.code == lifecycle::ErrorCode::kBufferFull;
}

}  // namespace

LogSink::~LogSink() { Tell(budget_.All()); }

void LogSink::Flush() { Tell(budget_.Over()); }

void LogSink::Tell(const std::vector<LineBudget::Told>& all) {
  for (const auto& told : all) {
    writer_(told.level, told.line);
  }
}

void LogSink::Write(const ack::v1::Event& event) {
  if (event.has_anomaly()) {
    const auto& anomaly = event.anomaly();
    Bounded(Level::warn, Word(anomaly.kind()) + " from " + anomaly.peer(), EventLine(event));
    return;
  }
  if (const Level level = event.has_alert() ? Level::warn : Level::debug; level >= least_) {
    writer_(level, EventLine(event));
  }
  const auto& transition = event.transition();
  if (transition.new_state() == ack::v1::STATE_DEAD_LETTERED) {
    Bounded(Level::warn,
            fmt::format("dead letter from {}: {}", transition.source(),
                        Word(transition.details().error_code())),
            Escaped(LetterLine(transition)));
  }
}

void LogSink::Answered(const lifecycle::SendAck& answer, const lifecycle::ModuleId& target) {
  const auto& ack = answer.ack;
  const std::string& source = answer.to.str();
  if (!IsRefusal(ack)) {
    if (ack.type == lifecycle::AckType::kRouterAck && least_ <= Level::debug) {
      writer_(Level::debug, Escaped(fmt::format("[{}] attempt {} is accepted (from {})",
                                                ack.correlation_id.str(), ack.attempt, source)));
    }
    return;
  }
  const std::string code = Word(static_cast<ack::v1::ErrorCode>(ack.code));
  Bounded(Level::info, fmt::format("refused from {}: {}", source, code),
          Escaped(fmt::format("[{}] attempt {} is refused: {}{} (from {}{})",
                              ack.correlation_id.str(), ack.attempt, code, NoteOf(ack.note), source,
                              target.empty() ? "" : " to " + target.str())));
}

void LogSink::Bounded(Level level, const std::string& cause, const std::string& line) {
  if (level >= least_ && budget_.Takes(level, Cut(Escaped(cause), kLongestCause))) {
    writer_(level, Cut(line, kLongestLine));
  }
}

}  // namespace cmb::reference
