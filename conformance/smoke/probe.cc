#include "conformance/smoke/probe.h"

#include <fmt/format.h>

#include <utility>

#include "cmb/ack/v1/message.pb.h"
#include "conformance/engine/case_settings.h"
#include "conformance/lower_tester/ping.h"
#include "proto/wire/frame_codec.h"
#include "proto/wire/words.h"

namespace cmb::conformance::smoke {
namespace {

constexpr std::uint64_t kTtlMs = 60'000;
constexpr std::uint64_t kWallBaseMs = 1'600'000'000'000;

}  // namespace

Finding Missing(std::string sentence, std::string_view requirement) {
  return {Outcome::kMissing, std::move(sentence), std::string(requirement)};
}

Finding Missing(const Trouble& trouble, std::string_view requirement) {
  return Missing(trouble.sentence,
                 trouble.requirement.empty() ? requirement : std::string_view(trouble.requirement));
}

Finding NotTried(std::string sentence) { return {Outcome::kNotTried, std::move(sentence), ""}; }

Probe::Probe(LockStepOptions options, ack::v1::Role role)
    : options_(std::move(options)), role_(role) {}

CaseSettings Probe::Settings() const {
  CaseSettings settings;
  settings.role = role_;
  settings.module_id = engine::ModuleIdOf(role_);
  settings.connected = {"sender", "target"};
  std::erase(settings.connected, settings.module_id);
  settings.settings.set_now_ms(kFirstMs);
  settings.settings.set_wall_base_ms(kWallBaseMs);
  settings.settings.set_id_prefix(kFirstPrefix);
  settings.settings.add_jitter_factors(1.0);
  return settings;
}

Result<Done> Probe::Start() {
  if (session_) {
    return Done{};
  }
  auto started = IutSession::Start(context_, options_);
  if (!started) {
    stderr_ = started.trouble().iut_stderr;
    return std::move(started).trouble();
  }
  session_ = *std::move(started);
  iut_name_ = session_->claims().name() + " " + session_->claims().version();
  return Done{};
}

Result<Done> Probe::Begin() {
  auto started = Start();
  if (!started || session_->configured()) {
    return started;
  }
  auto begun = session_->BeginFirst(Settings(), "", nullptr);
  if (!begun) {
    Drop();
    return std::move(begun).trouble();
  }
  return Done{};
}

void Probe::Drop() {
  stderr_ = Stderr();
  session_.reset();
}

std::string Probe::Stderr() {
  if (!session_) {
    return stderr_;
  }
  session_->child().DrainOutput();
  return session_->child().StderrTail();
}

Result<control::v1::ErrorKind> Probe::KindOfError(const control::v1::Request& request) {
  auto answered = session_->Transact(request);
  if (answered) {
    return answered->reply.error().kind();  // A Send may be refused without trouble.
  }
  if (answered.trouble().code != control::v1::ERROR_KIND_UNSPECIFIED) {
    return answered.trouble().code;
  }
  Drop();
  return std::move(answered).trouble();
}

Finding Probe::Refused(const control::v1::Request& request, control::v1::ErrorKind kind,
                       control::v1::ErrorKind other, std::string_view requirement) {
  auto answer = KindOfError(request);
  if (!answer) {
    return Missing(answer.trouble(), requirement);
  }
  if (*answer == kind || *answer == other) {
    return GoesOnAfter(request);
  }
  const std::string name = RequestName(request);
  const auto word = [](control::v1::ErrorKind of) {
    return control::v1::ErrorKind_Name(of).substr(std::string_view("ERROR_KIND_").size());
  };
  if (*answer != control::v1::ERROR_KIND_UNSPECIFIED) {
    return Missing(
        fmt::format("{} is refused with {} instead of {}", name, word(*answer), word(kind)),
        requirement);
  }
  Drop();  // It may have done what it should have refused.
  return Missing(fmt::format("{} is answered without an error instead of {}", name, word(kind)),
                 requirement);
}

// A refused request has used up its seq and nothing else.
Finding Probe::GoesOnAfter(const control::v1::Request& refused) {
  control::v1::Request timers;
  timers.mutable_timers();
  auto answered = session_->Transact(timers);
  if (answered) {
    return {};
  }
  Drop();
  return Missing(
      fmt::format("after it has refused {}: {}", RequestName(refused), answered.trouble().sentence),
      "CMB-CTL-003");
}

Result<Exchange> Probe::Ping() {
  const SocketLayout& layout = session_->layout();
  const std::string peer = role_ == ack::v1::ROLE_ROUTER ? "sender" : kRouterId;
  for (SocketNumber socket = 0; socket < layout.size(); ++socket) {
    // An endpoint reads its egress, a router its ingress.
    const SocketNumber unread = role_ == ack::v1::ROLE_ROUTER ? layout.egress() : layout.ingress();
    if (socket == unread) {
      continue;
    }
    const Path path{peer, engine::ModuleIdOf(role_), socket, socket};
    auto put = session_->Inject(MakePing(path, fmt::format("@smoke-{}", ++pings_)));
    if (!put) {
      return std::move(put).trouble();
    }
  }
  return session_->Advance(session_->now(), control::v1::FIRE_NONE);
}

Result<Exchange> Probe::Message() {
  ack::v1::CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_message_id("smoke-m1");
  header.set_source("sender");
  header.add_targets("target");
  header.set_channel("main");
  header.set_attempt(1);
  header.set_ttl_ms(kTtlMs);
  const std::string peer = role_ == ack::v1::ROLE_ROUTER ? "sender" : kRouterId;
  auto put = session_->Inject({0, peer, wire::Encode(header, "payload")});
  if (!put) {
    return std::move(put).trouble();
  }
  return session_->Advance(session_->now(), control::v1::FIRE_AFTER_FRAMES);
}

}  // namespace cmb::conformance::smoke
