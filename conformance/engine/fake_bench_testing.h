// A bench without processes and sockets for the engine's tests: the IUT is a
// few lambdas. It judges the engine too: an Advance that steps over a deadline
// or goes backwards is trouble, as on the real bench.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/engine/case_result.h"
#include "conformance/lower_tester/bench.h"
#include "conformance/transcript/transcript.h"

namespace cmb::conformance::engine {

class FakeBench : public Bench {
 public:
  using Header = ack::v1::CognitiveMessage;

  // ---- what the IUT does
  std::function<void(const Header&)> on_frame = [](const Header&) {};
  std::function<void(const control::v1::Send&, const std::string& message_id)> on_send;
  std::optional<Trouble> crash_at_advance;  // The next Advance ends so.
  std::function<void()> on_start = [] {};   // Recovery: what Begin brings after a crash.
  std::function<void(const std::string& module)> on_connect = [](const std::string&) {};
  control::v1::Pics pics;
  ack::v1::Profile profile = ack::v1::PROFILE_BASIC;  // That RunText claims for every role.
  std::vector<ack::v1::Feature> features;             // The same, besides virtual_clock.

  // ---- what the lambdas may call
  void Say(SocketNumber socket, const std::string& peer, const Header& header,
           const std::string& payload = "");
  // An endpoint's ACK, on its ACK ingress (socket 1 with one channel).
  void SayAck(ack::v1::AckType type, ack::v1::Status status, const Header& about,
              ack::v1::ErrorCode code = {});
  void Tell(ack::v1::Event event);
  void TellTransition(const std::string& id, ack::v1::State from, ack::v1::State to,
                      ack::v1::Reason reason);
  void TellAnomaly(ack::v1::AnomalyKind kind, const std::string& id = "");
  void At(std::uint64_t at_ms, std::function<void()> fire, bool housekeeping = false);
  std::map<std::string, ack::v1::TransactionRecord> records;  // By message id.
  std::vector<control::v1::Timer> timer_list;

  // ---- what the tests may read
  struct Step {
    std::uint64_t to_ms;
    control::v1::Fire fire;
    std::size_t frames;
  };
  std::vector<Step> advances;
  std::vector<Header> heard;  // Frames that reached the IUT and decode.
  int undecodable = 0;
  int discards = 0;
  int closings = 0;
  int crashes = 0;
  std::vector<std::uint64_t> starts;  // At these instants.
  std::vector<std::int64_t> jumps;    // What each start is told of the wall clock.
  std::set<std::string> away;         // Disconnected.
  std::vector<std::string> queues;    // "target full", "target drained".
  std::vector<control::v1::Request> requests;
  CaseSettings settings;

  // ---- Bench
  Result<control::v1::Pics> Claims() override { return pics; }
  Result<Done> StartCase(const CaseSettings& settings) override;
  Result<Done> Inject(const WireMessage& message) override;
  Result<StepResult> Advance(VirtualTime to, control::v1::Fire fire) override;
  Result<StepResult> Request(const control::v1::Request& request) override;
  Result<Done> Crash() override;
  Result<StepResult> Start(VirtualTime now, std::int64_t wall_jump_ms) override;
  Result<StepResult> Disconnect(const std::string& module) override;
  Result<StepResult> Connect(const std::string& module) override;
  Result<StepResult> Fill(const std::string& module, bool full) override {
    queues.push_back(module + (full ? " full" : " drained"));
    return StepResult{};
  }
  bool Reaches(const WireMessage& message) const override;
  Result<Done> EndCase() override;
  Result<Done> Leave() override { return Done{}; }
  void Discard() override { ++discards; }
  std::string IutStderr() override { return "words of the IUT"; }
  VirtualTime now() const override { return now_; }
  std::optional<NextDeadline> next_deadline() const override;

 private:
  struct Timer {
    std::function<void()> fire;
    bool housekeeping = false;
  };
  std::optional<VirtualTime> ProtocolDeadline() const;
  void FireDue();
  StepResult Finish(const control::v1::Request& request, std::vector<WireMessage> injected,
                    control::v1::Reply reply);

  VirtualTime now_{};
  bool down_ = false;
  std::vector<WireMessage> waiting_;
  std::vector<WireMessage> sent_;
  std::vector<ack::v1::Event> events_;
  std::multimap<VirtualTime, Timer> timers_;
  std::uint64_t messages_ = 0;
};

// What a sender says of the message, without a payload.
inline ack::v1::CognitiveMessage MessageOf(const std::string& id, const std::string& target,
                                           std::uint32_t attempt = 1) {
  ack::v1::CognitiveMessage message;
  message.set_schema_version(1);
  message.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  message.set_message_id(id);
  message.set_source("sender");
  message.add_targets(target);
  message.set_attempt(attempt);
  return message;
}

// Loads one scenario text, and runs its only case on `bench`. Fails the test
// when the text does not load to one case.
CaseResult RunText(FakeBench& bench, const std::string& text, std::uint64_t seed = 1,
                   Transcript* transcript = nullptr);

// A document of this role with these lines of YAML after its head.
std::string Document(const std::string& role, const std::string& rest);

}  // namespace cmb::conformance::engine
