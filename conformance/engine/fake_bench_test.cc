// The fake bench itself: it must refuse what the real one refuses.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "conformance/engine/fake_bench_testing.h"
#include "conformance/engine/run_case.h"
#include "conformance/scenario/loader.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance::engine {

namespace {

Trouble Misuse(const std::string& sentence) {
  Trouble trouble;
  trouble.kind = TroubleKind::kMisuse;
  trouble.sentence = sentence;
  return trouble;
}

}  // namespace

void FakeBench::Say(SocketNumber socket, const std::string& peer, const Header& header,
                    const std::string& payload) {
  sent_.push_back({socket, peer, wire::Encode(header, payload)});
}

void FakeBench::SayAck(ack::v1::AckType type, ack::v1::Status status, const Header& about,
                       ack::v1::ErrorCode code) {
  Header header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  header.set_source(about.targets_size() > 0 ? about.targets(0) : "");
  header.add_targets(about.source());
  header.mutable_ack()->set_ack_type(type);
  header.mutable_ack()->set_status(status);
  header.mutable_ack()->set_correlation_id(about.message_id());
  header.mutable_ack()->set_attempt(about.attempt());
  header.mutable_ack()->set_error_code(code);
  Say(1, kRouterId, header);
}

void FakeBench::Tell(ack::v1::Event event) { events_.push_back(std::move(event)); }

void FakeBench::TellTransition(const std::string& id, ack::v1::State from, ack::v1::State to,
                               ack::v1::Reason reason) {
  ack::v1::Event event;
  event.mutable_transition()->set_message_id(id);
  event.mutable_transition()->set_old_state(from);
  event.mutable_transition()->set_new_state(to);
  event.mutable_transition()->set_reason(reason);
  records[id].set_state(to);
  records[id].set_message_id(id);
  Tell(std::move(event));
}

void FakeBench::TellAnomaly(ack::v1::AnomalyKind kind, const std::string& id) {
  ack::v1::Event event;
  event.mutable_anomaly()->set_kind(kind);
  event.mutable_anomaly()->set_message_id(id);
  Tell(std::move(event));
}

void FakeBench::At(std::uint64_t at_ms, std::function<void()> fire, bool housekeeping) {
  timers_.emplace(FromMs(at_ms), Timer{std::move(fire), housekeeping});
}

std::optional<VirtualTime> FakeBench::ProtocolDeadline() const {
  for (const auto& [at, timer] : timers_) {
    if (!timer.housekeeping) {
      return at;
    }
  }
  return std::nullopt;
}

std::optional<NextDeadline> FakeBench::next_deadline() const {
  if (const auto protocol = ProtocolDeadline()) {
    return NextDeadline{*protocol, false};
  }
  if (timers_.empty()) {
    return std::nullopt;
  }
  return NextDeadline{timers_.begin()->first, true};
}

Result<Done> FakeBench::StartCase(const CaseSettings& asked) {
  settings = asked;
  now_ = FromMs(asked.settings.now_ms());
  return Done{};
}

Result<Done> FakeBench::Crash() {
  if (down_) {
    return Misuse("crashed already");
  }
  down_ = true;
  ++crashes;
  timers_.clear();
  waiting_.clear();
  return Done{};
}

Result<StepResult> FakeBench::Start(VirtualTime now, std::int64_t wall_jump_ms) {
  if (!down_ || now < now_) {
    return Misuse("a start of what runs, or in the past");
  }
  down_ = false;
  now_ = now;
  starts.push_back(ToMs(now));
  jumps.push_back(wall_jump_ms);
  on_start();
  control::v1::Request request;
  request.mutable_begin();
  return Finish(request, {}, {});
}

Result<StepResult> FakeBench::Disconnect(const std::string& module) {
  if (down_ || !away.insert(module).second) {
    return Misuse("nobody to disconnect");
  }
  return StepResult{};
}

Result<StepResult> FakeBench::Connect(const std::string& module) {
  if (down_ || away.erase(module) == 0) {
    return Misuse("nobody to connect");
  }
  on_connect(module);
  control::v1::Request request;
  request.mutable_advance()->set_to_ms(ToMs(now_));
  return Finish(request, {}, {});
}

bool FakeBench::Reaches(const WireMessage& message) const {
  return !down_ && !away.contains(message.peer) && !settings.bad_keys.contains(message.peer);
}

Result<Done> FakeBench::Inject(const WireMessage& message) {
  if (!Reaches(message)) {
    return Misuse("a frame that reaches nobody");
  }
  waiting_.push_back(message);
  return Done{};
}

void FakeBench::FireDue() {
  while (!timers_.empty() && timers_.begin()->first <= now_) {
    timers_.extract(timers_.begin()).mapped().fire();
  }
}

StepResult FakeBench::Finish(const control::v1::Request& request, std::vector<WireMessage> injected,
                             control::v1::Reply reply) {
  reply.set_now_ms(ToMs(now_));
  for (auto& event : events_) {
    *reply.add_events() = std::move(event);
  }
  events_.clear();
  StepResult result;
  result.exchanges.push_back({request, std::move(injected), reply, std::exchange(sent_, {})});
  result.now = now_;
  result.next_deadline = next_deadline();
  return result;
}

Result<StepResult> FakeBench::Advance(VirtualTime to, control::v1::Fire fire) {
  if (down_) {
    return Misuse("an Advance of what is down");
  }
  if (to < now_) {
    return Misuse("backwards");
  }
  if (const auto deadline = ProtocolDeadline(); deadline && to > *deadline) {
    return Misuse("overstep");
  }
  if (crash_at_advance) {
    return *crash_at_advance;
  }
  now_ = to;
  control::v1::Request request;
  request.mutable_advance()->set_to_ms(ToMs(to));
  request.mutable_advance()->set_fire(fire);
  std::vector<WireMessage> injected = std::exchange(waiting_, {});
  advances.push_back({ToMs(to), fire, injected.size()});
  if (fire == control::v1::FIRE_BEFORE_FRAMES) {
    FireDue();
  }
  for (const WireMessage& message : injected) {
    auto decoded = wire::Decode(message.frames);
    if (const auto* good = std::get_if<wire::Decoded>(&decoded)) {
      heard.push_back(good->header);
      on_frame(good->header);
    } else {
      ++undecodable;
    }
  }
  if (fire == control::v1::FIRE_AFTER_FRAMES) {
    FireDue();
  }
  return Finish(request, std::move(injected), {});
}

Result<StepResult> FakeBench::Request(const control::v1::Request& request) {
  if (down_) {
    return Misuse("a request to what is down");
  }
  requests.push_back(request);
  control::v1::Reply reply;
  std::string id;
  if (request.has_send()) {
    id = settings.settings.id_prefix() + std::to_string(++messages_);
    reply.mutable_sent_message()->set_message_id(id);
    if (on_send) {
      on_send(request.send(), id);
    }
  }
  if (request.has_get_transaction()) {
    const auto found = records.find(request.get_transaction().message_id());
    reply.mutable_transaction();
    if (found != records.end()) {
      *reply.mutable_transaction()->mutable_record() = found->second;
    }
  }
  if (request.has_timers()) {
    for (const auto& timer : timer_list) {
      *reply.mutable_timers()->add_timers() = timer;
    }
  }
  StepResult result = Finish(request, {}, reply);
  result.message_id = id;
  return result;
}

Result<Done> FakeBench::EndCase() {
  ++closings;
  return Done{};
}

std::string Document(const std::string& role, const std::string& rest) {
  return "id: " + role + "/x\ntitle: T\nrole: " + role + "\nrequirements: [CMB-TST-001]\n" + rest;
}

CaseResult RunText(FakeBench& bench, const std::string& text, std::uint64_t seed,
                   Transcript* transcript) {
  scenario::Knowledge knowledge;
  knowledge.requirements = {{"CMB-TST-001", scenario::Level::kMust},
                            {"CMB-TST-002", scenario::Level::kMust},
                            {"CMB-TST-003", scenario::Level::kShould},
                            {"CMB-TST-004", scenario::Level::kMay}};
  knowledge.choices = {{"CHO-001", {}}};
  const auto loaded = scenario::LoadText(text, "x.yaml", knowledge);
  for (const auto& error : loaded.errors) {
    ADD_FAILURE() << ToString(error);
  }
  for (const auto& refusal : loaded.refusals) {
    ADD_FAILURE() << ToString(refusal);
  }
  if (loaded.cases.size() != 1) {
    ADD_FAILURE() << loaded.cases.size() << " cases";
    return {};
  }
  for (const auto role : {ack::v1::ROLE_SENDER, ack::v1::ROLE_ROUTER, ack::v1::ROLE_TARGET}) {
    auto* claim = bench.pics.add_roles();
    claim->set_role(role);
    claim->set_profile(bench.profile);
  }
  for (const ack::v1::Feature feature : bench.features) {
    bench.pics.add_features(feature);
  }
  bench.pics.add_features(ack::v1::FEATURE_VIRTUAL_CLOCK);
  Transcript own;
  RunOptions options;
  options.seed = seed;
  return RunCase(bench, loaded.cases.front(), bench.pics, options,
                 transcript == nullptr ? own : *transcript);
}

namespace {

TEST(FakeBench, RefusesToStepOverADeadline) {
  FakeBench bench;
  bench.At(5, [] {});
  EXPECT_FALSE(bench.Advance(FromMs(6), control::v1::FIRE_AFTER_FRAMES).ok());
  EXPECT_TRUE(bench.Advance(FromMs(5), control::v1::FIRE_AFTER_FRAMES).ok());
}

TEST(FakeBench, StepsOverHousekeeping) {
  FakeBench bench;
  bench.At(
      5, [] {}, true);
  EXPECT_TRUE(bench.Advance(FromMs(6), control::v1::FIRE_AFTER_FRAMES).ok());
}

}  // namespace
}  // namespace cmb::conformance::engine
