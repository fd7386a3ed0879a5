// A target that does everything right: RECEIPT for every copy, the work once,
// duplicates answered from the record. It reacts and schedules what `work`
// says; it has no timers of the protocol and never retries. Used behind the
// suite's own router (sender IUT) and behind a router IUT. One thread. Scenario
// language, section 6; spec, chapter target.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

class WellBehavedTarget {
 public:
  // Module `target` says `ack` about a message of `source`; RECEIPTs too.
  using Say = std::function<void(const std::string& target, const std::string& source,
                                 const ack::v1::Ack& ack)>;
  // Calls `act` this many milliseconds from now.
  using Later = std::function<void(std::uint64_t delay_ms, std::function<void()> act)>;
  using Now = std::function<std::uint64_t()>;

  WellBehavedTarget(Say say, Later later, Now now);

  // A copy of a MESSAGE arrived at its target.
  void Hear(const ack::v1::CognitiveMessage& message, const scenario::Work& work);
  // A CANCEL of a message of `source` arrived.
  void HearCancel(const std::string& source, const ack::v1::Ack& cancel);
  // `given` has delivered it already: the work runs from now, without RECEIPT.
  void Adopt(const ack::v1::CognitiveMessage& message, const scenario::Work& work);

 private:
  // One message_id under the work; each gets its own answers.
  struct Attached {
    std::string message_id;
    std::uint32_t highest_attempt = 0;
  };
  struct Job {
    std::string source;
    std::string target;
    scenario::Work work;
    std::uint64_t first_receipt_ms = 0;
    std::vector<Attached> attached;
    std::optional<ack::v1::Ack> highest;  // The ACK on record, without id and attempt.
    bool ended = false;
    bool may_be_tried_again = false;    // Refused so that a higher attempt is judged afresh.
    std::uint64_t progress_number = 0;  // Of the last IN_PROGRESS or PROGRESS_ACK.
    std::uint64_t run = 0;              // Counts arrivals: what an earlier one scheduled is void.
  };
  using MessageKey = std::pair<std::string, std::string>;  // Source, message_id.

  Job& JobOf(const ack::v1::CognitiveMessage& message, const scenario::Work& work, bool& fresh);
  // Returns the highest attempt that had come of it before.
  static std::uint32_t Attach(Job& job, const ack::v1::CognitiveMessage& message);
  void Begin(Job& job);
  // Milliseconds since the arrival at which the handler starts.
  static std::uint64_t StartOf(const scenario::Work& work);
  bool HasStarted(const Job& job) const;
  // The ACK on record as it is said now: what remains of a hold shrinks.
  ack::v1::Ack OnRecord(const Job& job) const;
  void Reopen(Job& job);
  void Cancel(Job& job, const std::string& message_id, std::uint32_t attempt);
  void At(std::uint64_t delay_ms, std::function<void()> act);
  void SayToAll(Job& job, ack::v1::Ack ack);
  void Answer(const Job& job, const std::string& message_id, std::uint32_t attempt,
              ack::v1::Ack ack);
  void End(Job& job, ack::v1::Ack terminal);

  Say say_;
  Later later_;
  Now now_;
  std::map<std::pair<std::string, std::string>, Job> jobs_;  // By source and key.
  std::map<MessageKey, std::pair<std::string, std::string>> job_of_;
  std::set<MessageKey> tombstones_;
};

}  // namespace cmb::conformance::engine
