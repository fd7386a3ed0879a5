// What cmb-router's log says of events and of what it answers: anomalies and dead letters as
// warnings, refusals for whoever asks why nothing came, everything else as detail.
//
// One of the program's event sinks. A line is bounded in length and each cause in lines
// (line_budget.h), but for details. Threads: one at a time. Spec: CMB-OBS-018, CMB-OBS-022.
#pragma once

#include <spdlog/common.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "reference/lifecycle/effects.h"
#include "reference/program/line_budget.h"
#include "reference/sinks/event_sink.h"

namespace cmb::reference {

class LogSink : public EventSink {
 public:
  using Level = spdlog::level::level_enum;
  using Writer = std::function<void(Level, const std::string&)>;

  // The clock outlives it. `writer` is given what is of level `least` or above.
  LogSink(const Clock& clock, Level least, Writer writer)
      : budget_(clock), least_(least), writer_(std::move(writer)) {}
  // Tells what is still counted.
  ~LogSink() override;
  LogSink(const LogSink&) = delete;
  LogSink& operator=(const LogSink&) = delete;

  void Write(const ack::v1::Event& event) override;
  // The router answers a message itself. No event tells of it: neither acceptance nor refusal is
  // a transition (CMB-OBS-003). `target`: of a refusal, if it is known.
  void Answered(const lifecycle::SendAck& answer, const lifecycle::ModuleId& target);
  // Tells what was counted in spans that are over.
  void Flush() override;

 private:
  // `cause` and `line` hold words of others.
  void Bounded(Level level, const std::string& cause, const std::string& line);

  void Tell(const std::vector<LineBudget::Told>& all);

  LineBudget budget_;
  Level least_;
  Writer writer_;
};

}  // namespace cmb::reference
