#include "conformance/system/part.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "conformance/engine/case_settings.h"

namespace cmb::conformance::system {
namespace {

CaseSettings Own(const CaseSettings& of_sender, ack::v1::Role role, char letter) {
  CaseSettings own = of_sender;
  own.role = role;
  own.module_id = engine::ModuleIdOf(role);
  own.connected.emplace_back("sender");
  std::erase(own.connected, own.module_id);
  own.settings.set_id_prefix(own.settings.id_prefix() + letter);
  return own;
}

}  // namespace

Part::Part(ack::v1::Role role, std::string name, char letter, std::unique_ptr<Bench> bench)
    : role_(role),
      name_(std::move(name)),
      letter_(letter),
      module_id_(engine::ModuleIdOf(role)),
      bench_(std::move(bench)) {}

Result<control::v1::Pics> Part::Claims() {
  auto claims = bench_->Claims();
  if (claims) {
    claims_ = *claims.operator->();
  }
  return claims;
}

ack::v1::Profile Part::profile() const {
  for (const control::v1::RoleClaim& claim : claims_.roles()) {
    if (claim.role() == role_) {
      return claim.profile();
    }
  }
  return ack::v1::PROFILE_UNSPECIFIED;
}

Result<Done> Part::StartCase(const CaseSettings& of_sender, const std::string& case_id,
                             std::uint64_t seed) {
  const CaseSettings own = Own(of_sender, role_, letter_);
  is_down_ = false;
  wall_jump_ms_ = 0;
  transcript_ = {};
  TranscriptHeader& header = transcript_.header;
  header.case_id = case_id;
  header.role = role_;
  header.module_id = module_id_;
  header.channels = own.channels;
  header.other_routers = own.other_routers;
  for (const auto& [name, channels] : own.other_routers) {
    header.channels.insert(header.channels.end(), channels.begin(), channels.end());
  }
  header.profile = profile();
  for (const int feature : claims_.features()) {
    header.features.push_back(static_cast<ack::v1::Feature>(feature));
  }
  header.settings = own.settings;
  header.seed = seed;
  if (role_ == ack::v1::ROLE_ROUTER) {
    header.connected = own.connected;
  }
  recorder_.emplace(transcript_, SocketLayout(own.channels, own.other_routers));
  recorder_->SetStep(0);
  return bench_->StartCase(own);
}

Result<StepResult> Part::Record(Result<StepResult> result) {
  if (result) {
    for (const Exchange& exchange : result->exchanges) {
      recorder_->Record(exchange);
    }
  }
  return result;
}

Result<StepResult> Part::RecordChange(Result<StepResult> result) {
  if (result) {
    // What was only PINGed and answered is no part of the case.
    std::erase_if(result->exchanges, [](const Exchange& exchange) {
      return exchange.received.empty() && exchange.reply.events_size() == 0;
    });
  }
  return Record(std::move(result));
}

Result<Done> Part::CatchUp(VirtualTime now) {
  if (is_down_ || bench_->now() >= now) {
    return Done{};
  }
  auto moved = Record(bench_->Advance(now, control::v1::FIRE_NONE));
  return moved ? Result<Done>(Done{}) : Result<Done>(moved.trouble());
}

Result<StepResult> Part::Take(const std::vector<WireMessage>& frames, VirtualTime now) {
  bool any = false;
  for (const WireMessage& frame : frames) {
    if (is_down_ || !bench_->Reaches(frame)) {
      Note(NoteKind::kLost, is_down_ ? "the IUT is down" : "no connection", now, &frame);
      continue;
    }
    if (auto injected = bench_->Inject(frame); !injected) {
      return injected.trouble();
    }
    any = true;
  }
  return any ? Record(bench_->Advance(now, control::v1::FIRE_NONE)) : StepResult{};
}

Result<StepResult> Part::Advance(VirtualTime now, control::v1::Fire fire) {
  return Record(bench_->Advance(now, fire));
}

Result<StepResult> Part::Request(const control::v1::Request& request, VirtualTime now) {
  if (auto caught = CatchUp(now); !caught) {
    return caught.trouble();
  }
  return Record(bench_->Request(request));
}

Result<StepResult> Part::Disconnect(const std::string& module, VirtualTime now) {
  if (auto caught = CatchUp(now); !caught) {
    return caught.trouble();
  }
  Note(NoteKind::kOther, module + " disconnects", now, nullptr);
  return RecordChange(bench_->Disconnect(module));
}

Result<StepResult> Part::Connect(const std::string& module, VirtualTime now) {
  if (auto caught = CatchUp(now); !caught) {
    return caught.trouble();
  }
  Note(NoteKind::kOther, module + " connects", now, nullptr);
  return RecordChange(bench_->Connect(module));
}

Result<StepResult> Part::JumpWall(std::int64_t by_ms, VirtualTime now) {
  wall_jump_ms_ += by_ms;
  if (is_down_) {
    Note(NoteKind::kOther, fmt::format("the wall clock jumps by {} ms", by_ms), now, nullptr);
    return StepResult{};
  }
  control::v1::Request request;
  request.mutable_wall_jump()->set_by_ms(by_ms);
  return Request(request, now);
}

Result<Done> Part::Crash(VirtualTime now) {
  if (auto caught = CatchUp(now); !caught) {
    return caught;
  }
  auto crashed = bench_->Crash();
  is_down_ = crashed.ok();
  if (is_down_) {
    recorder_->Crashed(ToMs(now));
  }
  return crashed;
}

Result<StepResult> Part::Start(VirtualTime now, std::int64_t wall_jump_ms) {
  auto started = bench_->Start(now, wall_jump_ms + std::exchange(wall_jump_ms_, 0));
  if (!started) {
    return started;
  }
  is_down_ = false;
  for (std::size_t i = 0; i < started->exchanges.size(); ++i) {
    i == 0 ? recorder_->Started(started->exchanges[i]) : recorder_->Record(started->exchanges[i]);
  }
  return started;
}

std::optional<NextDeadline> Part::next_deadline() const {
  return is_down_ ? std::nullopt : bench_->next_deadline();
}

bool Part::IsDue(VirtualTime now) const {
  const auto next = next_deadline();
  return next && !next->housekeeping && next->at <= now;
}

void Part::Note(NoteKind kind, const std::string& text, VirtualTime now, const WireMessage* frame) {
  recorder_->Note(kind, text, ToMs(now), frame);
}

}  // namespace cmb::conformance::system
