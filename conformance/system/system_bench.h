// A system under test: a sender, a router and a target, each possibly another implementation, and
// the two links between them, on one virtual clock. To the engine it is a bench whose
// implementation is the sender; what the parts send goes from one to the other, bent by the faults
// of the case. A module of the suite that is neither may speak to the router and is not answered.
// PINGs stay with the bench of each part. One thread. Scenario language, role system.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "conformance/clock/event_queue.h"
#include "conformance/engine/fault_pipeline.h"
#include "conformance/engine/message_book.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/scenario/model.h"
#include "conformance/system/part.h"

namespace cmb::conformance::system {

// In the order sender, router, target, second router. The last is there in some cases alone.
inline constexpr std::size_t kSender = 0, kRouter = 1, kTarget = 2, kSecond = 3;
using Parts = std::array<Part, 4>;

inline std::size_t IndexOf(const std::string& module) {
  return module == "sender"                  ? kSender
         : module == "target"                ? kTarget
         : module == scenario::kSecondRouter ? kSecond
                                             : kRouter;
}

class SystemBench final : public Bench {
 public:
  SystemBench(std::unique_ptr<Bench> sender, std::unique_ptr<Bench> router,
              std::unique_ptr<Bench> target, std::unique_ptr<Bench> second_router);

  // Before each case: its faults and messages. `scenario` outlives the case.
  void Prepare(const scenario::Case& scenario, std::uint64_t seed);
  std::vector<FaultCount> Faults() const;
  // Those of the case.
  std::span<const Part> parts() const { return {parts_.data(), Count()}; }

  // As the sender, with the lowest profile of the three and the features that all have.
  Result<control::v1::Pics> Claims() override;
  Result<Done> StartCase(const CaseSettings& settings) override;
  Result<Done> Inject(const WireMessage& message) override;
  Result<StepResult> Advance(VirtualTime to, control::v1::Fire fire) override;
  Result<StepResult> Request(const control::v1::Request& request) override;
  Result<Done> Crash() override;
  Result<StepResult> Start(VirtualTime now, std::int64_t wall_jump_ms) override;
  Result<Done> CrashPart(const std::string& role) override;
  Result<StepResult> StartPart(const std::string& role, VirtualTime now) override;
  Result<StepResult> JumpPart(const std::string& role, std::int64_t by_ms) override;
  Result<StepResult> Disconnect(const std::string& module) override;
  Result<StepResult> Connect(const std::string& module) override;
  Result<StepResult> Fill(const std::string& module, bool full) override;  // kUnsupported.
  bool Reaches(const WireMessage& message) const override;
  Result<Done> EndCase() override;
  Result<Done> Leave() override;
  void Discard() override;
  std::string IutStderr() override;
  VirtualTime now() const override { return now_; }
  std::optional<NextDeadline> next_deadline() const override;

 private:
  // One message on its way to a part, by index.
  struct Arrival {
    std::size_t to = 0;
    WireMessage message;
  };

  // Sends on what the part sent, and gives `step` what the engine hears of it.
  Result<Done> Follow(std::size_t from, Result<StepResult> result, StepResult& step);
  std::size_t Count() const { return has_second_ ? parts_.size() : kSecond; }
  // Settings of a part, from those of the sender.
  CaseSettings SettingsOf(std::size_t part, const CaseSettings& of_sender) const;
  std::string RouterName(std::size_t router) const;
  Result<StepResult> Change(const std::string& module, bool connect);
  void Cross(std::size_t from, const WireMessage& message);
  void CrossToRouter(std::size_t from, WireMessage message, engine::Crossing crossing);
  void CrossToModule(std::size_t router, WireMessage message, engine::Crossing crossing);
  void SendOn(std::size_t to, const WireMessage& message, const engine::Crossing& crossing);
  Result<Done> Deliver(VirtualTime at, StepResult& step);
  // `did`: something was due.
  Result<Done> FireDue(VirtualTime at, StepResult& step, bool& did);
  Result<Done> CatchUp(VirtualTime at, StepResult& step);
  Result<StepResult> Finish(const Result<Done>& done, StepResult& step);
  Trouble Named(std::size_t part, Trouble trouble) const;
  void LearnSend(const std::string& message_id);

  Parts parts_;
  bool has_second_ = false;
  SocketLayout layout_{{}};  // Of sender and target.
  const scenario::Case* scenario_ = nullptr;
  std::uint64_t seed_ = 0;
  std::vector<std::string> aliases_;  // In the order in which they are sent.
  std::size_t sends_ = 0;
  std::optional<engine::MessageBook> book_;
  std::optional<engine::FaultPipeline> pipeline_;
  EventQueue<Arrival> queue_;
  VirtualTime begin_{}, now_{};
};

}  // namespace cmb::conformance::system
