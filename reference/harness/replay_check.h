// Checks of a case that its events alone, replayed in order, give every record
// as GetTransaction tells it (CMB-OBS-015). A self-check of the reference, on
// when the environment has CMB_REFERENCE_REPLAY=1.
//
// Owned by IutRole. Threads: the harness's one. Spec: chapter "Model and
// vocabulary", events.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "reference/sinks/event_sink.h"
#include "reference/extras/replay/replay.h"

namespace cmb::reference {

class ReplayCheck : public EventSink {
 public:
  using Finder = std::function<std::optional<ack::v1::TransactionRecord>(
      const std::string& source, const std::string& message_id)>;

  // A case begins. What an earlier process did is not in its events, so that
  // there is nothing to check where records were recovered.
  void Begin(bool recovered);

  void Write(const ack::v1::Event& event) override;
  void Flush() override {}

  // The first thing that does not fit, as a sentence.
  std::optional<std::string> Fault(const Finder& find) const;

 private:
  Replay replay_;
  std::optional<std::string> first_fault_;
  bool recovered_ = false;
};

}  // namespace cmb::reference
