// Bends the frames of well-behaved peers as the case's faults say, and counts
// what it bent, since a fault that was not applied in full proves nothing.
// Called by the link for every frame in either direction. One thread. Scenario
// language, section 6.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "conformance/engine/case_result.h"
#include "conformance/engine/item.h"
#include "conformance/engine/message_book.h"
#include "conformance/engine/random_source.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

// A frame that is about to cross a link.
struct Crossing {
  const ack::v1::CognitiveMessage* header = nullptr;
  std::string link;               // The module whose link with the router it is.
  std::string toward;             // "router", or that module.
  std::string router = "router";  // Of a system with two: which it is.
};

class FaultPipeline {
 public:
  // One copy arrives, this many milliseconds from now, harmed like that.
  using Arrive = std::function<void(std::uint64_t delay_ms, const scenario::Harm& harm)>;
  // Says for the transcript what was done.
  using Tell = std::function<void(NoteKind kind, const std::string& sentence)>;

  // All outlive the pipeline.
  FaultPipeline(const scenario::Case& scenario, const MessageBook& book, RandomSource random,
                Tell tell);

  // Lets one frame cross at `since_begin_ms` (time since the case began).
  // `arrive` is called once for each copy, at once or when a frame that is held
  // is let go; never for a frame that is dropped.
  void Cross(const Crossing& crossing, std::uint64_t since_begin_ms, Arrive arrive);

  // How far each fault was applied, in the order of the list.
  std::vector<FaultCount> Counts() const;

 private:
  struct Tally {
    std::uint64_t applied = 0;
    std::uint64_t highest_nth = 0;                    // Among the frames that it took.
    std::uint64_t highest_attempt = 0;                // The same.
    std::map<std::string, bool> first_passed;         // kReorder, by message id.
    std::map<std::string, std::vector<Arrive>> held;  // The same.
    std::map<std::pair<std::string, std::string>, std::uint64_t> free_at;  // kSlow, by way.
  };
  struct Subject {  // What the selectors look at.
    std::string message_id;
    std::string alias;
    std::uint64_t nth = 0;
    std::uint64_t attempt = 0;  // 0: it has none.
  };

  Subject Count(const Crossing& crossing);
  bool Selects(const scenario::Fault& fault, const Crossing& crossing, const Subject& subject,
               std::uint64_t since_begin_ms) const;
  // Applies the fault. False: the frame is dropped or held. `delay_ms` is that
  // of its first copy; of kSlow it is given.
  bool Bend(std::size_t index, const Crossing& crossing, const Subject& subject,
            const Arrive& arrive, std::uint64_t& delay_ms);
  bool Hold(std::size_t index, const Subject& subject, const Arrive& arrive);
  // How long the frame waits until its slow reader takes it.
  std::uint64_t WaitOf(std::size_t index, const Crossing& crossing, std::uint64_t since_begin_ms);
  void LetGo(const Crossing& crossing, const Subject& subject, std::uint64_t delay_ms);
  FaultCount CountOf(const scenario::Fault& fault, const Tally& tally) const;

  const scenario::Case& scenario_;
  const MessageBook& book_;
  RandomSource random_;
  Tell tell_;
  std::vector<Tally> tallies_;
  // By message, kind, link and direction.
  std::map<std::tuple<std::string, ItemKind, std::string, std::string>, std::uint64_t> counters_;
};

}  // namespace cmb::conformance::engine
