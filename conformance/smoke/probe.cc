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
  return {Outcome::kMissing, std::move(sentence), std::string(requirement), ""};
}

Finding Missing(const Trouble& trouble, std::string_view requirement) {
  return Missing(trouble.sentence,
                 trouble.requirement.empty() ? requirement : std::string_view(trouble.requirement));
}

Finding NotTried(std::string sentence) { return {Outcome::kNotTried, std::move(sentence), "", ""}; }

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
    no_process_ = started.trouble().no_process;
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

namespace {

std::string Word(control::v1::ErrorKind kind) {
  return control::v1::ErrorKind_Name(kind).substr(std::string_view("ERROR_KIND_").size());
}

// With addresses of nobody: it is refused before they are used.
control::v1::Request ConfigureOf(const CaseSettings& settings, control::v1::Binding binding) {
  constexpr char kNobody[] = "tcp://127.0.0.1:9";
  const std::string address =
      settings.role == ack::v1::ROLE_ROUTER ? std::string("tcp://127.0.0.1:*") : kNobody;
  control::v1::Request request;
  control::v1::Configure& configure = *request.mutable_configure();
  configure.set_role(settings.role);
  configure.set_module_id(settings.module_id);
  configure.set_binding(binding);
  *configure.mutable_settings() = settings.settings;
  configure.add_channels()->set_name("main");
  if (binding == control::v1::BINDING_UNSPECIFIED) {
    configure.mutable_channels(0)->set_address(address);
    configure.set_ack_ingress(address);
    configure.set_ack_egress(address);
  }
  return request;
}

}  // namespace

Finding Probe::Judge(const std::string& name, Result<control::v1::Reply> answered,
                     control::v1::ErrorKind kind, std::string_view requirement,
                     control::v1::ErrorKind other) {
  using control::v1::ERROR_KIND_UNSPECIFIED;
  // A Send may be refused without trouble.
  const auto answer = answered ? answered->error().kind() : answered.trouble().code;
  if (!answered && answer == ERROR_KIND_UNSPECIFIED) {
    Drop();
    return Missing(answered.trouble(), requirement);
  }
  if (answer == ERROR_KIND_UNSPECIFIED) {
    Drop();  // It may have done what it should have refused.
    return Missing(fmt::format("{} is answered without an error instead of {}", name, Word(kind)),
                   requirement);
  }
  return answer == kind || answer == other
             ? Finding{}
             : Missing(fmt::format("{} is refused with {} instead of {}", name, Word(answer),
                                   Word(kind)),
                       requirement);
}

Finding Probe::JudgeForged(const std::string& name, const control::v1::Request& request,
                           const ControlClient::Forge& forge, control::v1::ErrorKind kind,
                           std::string_view requirement, control::v1::ErrorKind other) {
  return Judge(name, session_->control().CallForged(request, forge, session_->child()), kind,
               requirement, other);
}

Finding Probe::Refused(const control::v1::Request& request, control::v1::ErrorKind kind,
                       std::string_view requirement, control::v1::ErrorKind other) {
  const std::string name = RequestName(request);
  return GoesOn(name, JudgeForged(name, request, nullptr, kind, requirement, other));
}

Finding Probe::RefusedForged(const std::string& name, const ControlClient::Forge& forge) {
  control::v1::Request timers;
  timers.mutable_timers();
  return GoesOn(name, JudgeForged(name, timers, forge, control::v1::ERROR_KIND_BAD_REQUEST,
                                  "CMB-CTL-005", control::v1::ERROR_KIND_UNSPECIFIED));
}

Finding Probe::RefusedBytes(const std::string& bytes) {
  const std::string name = Stdio() ? "the line `" + bytes + "`" : "what is no Protobuf";
  auto answered = session_->control().CallBytes(bytes, session_->child());
  return GoesOn(name, Judge(name, std::move(answered), control::v1::ERROR_KIND_BAD_REQUEST,
                            "CMB-CTL-005", control::v1::ERROR_KIND_UNSPECIFIED));
}

Finding Probe::RefusedConfigure(const std::string& name, control::v1::ErrorKind kind,
                                const ControlClient::Forge& forge) {
  return JudgeForged(name, ConfigureOf(Settings(), options_.binding), forge, kind, "CMB-CTL-005",
                     control::v1::ERROR_KIND_UNSPECIFIED);
}

// A refused request has used up its seq, where that was in order, and nothing else.
Finding Probe::GoesOn(const std::string& refused, Finding finding) {
  if (finding.outcome != Outcome::kThere) {
    return finding;
  }
  control::v1::Request timers;
  timers.mutable_timers();
  auto answered = session_->Transact(timers);
  if (answered) {
    return {};
  }
  Drop();
  return Missing(fmt::format("after it has refused {}: {}", refused, answered.trouble().sentence),
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
