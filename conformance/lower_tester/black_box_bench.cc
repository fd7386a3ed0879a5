#include "conformance/lower_tester/black_box_bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <zmq.hpp>

#include "conformance/lower_tester/open_phase.h"
#include "conformance/lower_tester/renamed_sockets.h"
#include "conformance/lower_tester/router_ear.h"
#include "conformance/lower_tester/wall_clock.h"

namespace cmb::conformance {
namespace {

using std::chrono::milliseconds;

// The module that asks whether anybody is there.
constexpr char kProbe[] = "cmb-conformance-probe";

// How much later than the suite's own acts what follows from them may be at the router.
constexpr std::int64_t kTimersMs = 12;

// What no PING proves to be read: it went to the socket by which modules only hear.
constexpr milliseconds kUnproven{10};

constexpr milliseconds kPause{2};

Trouble Of(TroubleKind kind, std::string sentence, std::string requirement = "") {
  Trouble trouble;
  trouble.kind = kind;
  trouble.sentence = std::move(sentence);
  trouble.requirement = std::move(requirement);
  return trouble;
}

Trouble NotHere(const char* what) {
  return Of(TroubleKind::kUnsupported, fmt::format("{} needs a harness", what));
}

Trouble Silent(const Path& path, const SocketLayout& layout) {
  return Of(TroubleKind::kUnresponsive, fmt::format("no PONG by {} to a PING on {}",
                                                    layout.Name(path.in), layout.Name(path.out)));
}

}  // namespace

struct BlackBoxBench::Impl {
  explicit Impl(BlackBoxOptions of) : options(std::move(of)) {}

  Result<Done> Open(const CaseSettings& settings, milliseconds guard);
  std::string AddressOf(const std::string& channel) const;
  std::optional<std::string> ConnectAll(const std::vector<std::string>& channels);
  std::int64_t Real(std::uint64_t ms) const;
  std::vector<Path> PathsOf(const std::vector<WireMessage>& messages) const;
  Result<Done> HandOver(const std::vector<WireMessage>& messages);
  Result<Done> ProveAll();
  Result<Done> Play(std::uint64_t to);
  // How long after their instant messages were handed over.
  void NoteAct(std::int64_t late_ms);
  StepResult Tell(const control::v1::Request& request);
  Result<StepResult> ProveGone(const std::string& module);

  BlackBoxOptions options;
  bool answered = false;  // Once.
  zmq::context_t context;
  WallPace pace;
  WallFindings findings;
  std::unique_ptr<WallSockets> sockets;
  std::unique_ptr<RouterEar> ear;
  std::uint64_t begin_ms = 0, now_ms = 0;  // Protocol time.
  std::int64_t base_ms = 0;                // WallNow() at the beginning.
  std::int64_t acted_late_ms = 0;          // The latest so far, of its instant.
  std::vector<WireMessage> injected;       // As the case has them.
};

std::string BlackBoxBench::Impl::AddressOf(const std::string& channel) const {
  for (const auto& [name, address] : options.addresses.channels) {
    if (name == channel) {
      return address;
    }
  }
  return "";
}

std::optional<std::string> BlackBoxBench::Impl::ConnectAll(
    const std::vector<std::string>& channels) {
  control::v1::Configured bound;
  for (const std::string& channel : channels) {
    bound.add_channels()->set_name(channel);
    bound.mutable_channels()->rbegin()->set_address(AddressOf(channel));
  }
  bound.set_ack_ingress(options.addresses.ack_ingress);
  bound.set_ack_egress(options.addresses.ack_egress);
  return sockets->Connect(bound);
}

// Everybody is connected, and each of their PINGs was answered.
Result<Done> BlackBoxBench::Impl::Open(const CaseSettings& settings, milliseconds guard) {
  std::vector<std::string> names = settings.connected;
  names.insert(names.end(), settings.absent.begin(), settings.absent.end());
  std::erase_if(names, [](const std::string& name) { return !IsRenamable(name); });
  Renaming renaming(names);
  CaseSettings there = settings;
  for (std::string& name : there.connected) {
    name = renaming.Out(name);
  }
  ear.reset();
  sockets = std::make_unique<WallSockets>(
      std::make_unique<RenamedSockets>(MakeModuleSide(context, there, nullptr),
                                       std::move(renaming)),
      findings);
  if (auto fault = ConnectAll(settings.channels)) {
    return Of(TroubleKind::kCannotStart, *std::move(fault));
  }
  ear = std::make_unique<RouterEar>(*sockets, findings);
  const auto nobody = ChildProcess::SomebodyElses();
  auto opened = RunOpenPhase(sockets->inner(), {}, *nobody, guard);
  if (!opened) {
    const std::string& sentence = opened.trouble().sentence;
    return Of(TroubleKind::kUnresponsive, sentence.substr(sentence.find(": ") + 2));
  }
  return opened;
}

std::int64_t BlackBoxBench::Impl::Real(std::uint64_t ms) const {
  const std::uint64_t since = pace.scale.ToReal(ms - begin_ms).value_or(ms - begin_ms);
  return base_ms + static_cast<std::int64_t>(since);
}

std::vector<Path> BlackBoxBench::Impl::PathsOf(const std::vector<WireMessage>& messages) const {
  std::vector<Path> paths;
  for (const Path& path : sockets->paths()) {
    if (std::any_of(messages.begin(), messages.end(), [&path](const WireMessage& message) {
          return message.socket == path.out && message.peer == path.peer;
        })) {
      paths.push_back(path);
    }
  }
  return paths;
}

// One connection after another, so that the order is that of the case.
Result<Done> BlackBoxBench::Impl::HandOver(const std::vector<WireMessage>& messages) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!sockets->inner().Send(messages[i])) {
      return Of(TroubleKind::kUnresponsive, "the router has closed a connection");
    }
    const bool last = i + 1 == messages.size();
    if (!last && messages[i].socket == messages[i + 1].socket &&
        messages[i].peer == messages[i + 1].peer) {
      continue;
    }
    const std::vector<Path> paths = PathsOf({messages[i]});
    if (paths.empty()) {
      ear->Listen(kUnproven);
    } else if (const auto silent = ear->Prove(paths, options.answer)) {
      return Silent(*silent, sockets->layout());
    }
  }
  return Done{};
}

Result<Done> BlackBoxBench::Impl::ProveAll() {
  const auto silent = ear->Prove(sockets->paths(), options.answer);
  return silent ? Result<Done>(Silent(*silent, sockets->layout())) : Result<Done>(Done{});
}

Result<Done> BlackBoxBench::Impl::Play(std::uint64_t to) {
  const std::int64_t instant = Real(to);
  const bool moves = to > now_ms;
  now_ms = to;
  ear->ListenUntil(instant);
  const std::vector<WireMessage> messages = sockets->TakePending();
  if (auto handed = HandOver(messages); !handed) {
    return handed;
  }
  if (!messages.empty()) {
    NoteAct(WallNow() - instant);
  }
  if (moves) {  // Timers that acts of before have armed.
    ear->ListenUntil(instant + acted_late_ms + kTimersMs);
  }
  return messages.empty() && !ear->HasHeard() ? Result<Done>(Done{}) : ProveAll();
}

void BlackBoxBench::Impl::NoteAct(std::int64_t late_ms) {
  acted_late_ms = std::max(acted_late_ms, late_ms);
  const auto late = static_cast<std::uint64_t>(std::max<std::int64_t>(late_ms, 0));
  if (late > pace.scale.grace_ms()) {
    findings.late_by_ms = std::max(findings.late_by_ms.value_or(0), late);
  } else {
    findings.lateness_ms.push_back(late);
  }
}

StepResult BlackBoxBench::Impl::Tell(const control::v1::Request& request) {
  Exchange exchange;
  exchange.request = request;
  exchange.injected = std::exchange(injected, {});
  exchange.reply.set_now_ms(now_ms);
  exchange.received = ear->Take();
  StepResult result;
  result.exchanges.push_back(std::move(exchange));
  result.now = FromMs(now_ms);
  return result;
}

BlackBoxBench::BlackBoxBench(BlackBoxOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}
BlackBoxBench::~BlackBoxBench() = default;

Result<control::v1::Pics> BlackBoxBench::Claims() {
  if (!impl_->answered) {
    CaseSettings settings;
    settings.role = ack::v1::ROLE_ROUTER;
    settings.connected = {kProbe};
    settings.channels.clear();
    for (const auto& [name, address] : impl_->options.addresses.channels) {
      settings.channels.push_back(name);
    }
    if (auto opened = impl_->Open(settings, impl_->options.hello); !opened) {
      return Of(opened.trouble().kind,
                fmt::format("no router answers at {} within {} ms: {}",
                            ToText(impl_->options.addresses), impl_->options.hello.count(),
                            opened.trouble().sentence));
    }
    impl_->answered = true;
  }
  return impl_->options.pics;
}

void BlackBoxBench::SetPace(const WallPace& pace) { impl_->pace = pace; }

WallFindings BlackBoxBench::TakeFindings() { return std::exchange(impl_->findings, {}); }

Result<Done> BlackBoxBench::StartCase(const CaseSettings& settings) {
  impl_->findings = {};
  impl_->injected.clear();
  if (auto opened = impl_->Open(settings, impl_->options.answer); !opened) {
    return opened;
  }
  impl_->acted_late_ms = 0;
  impl_->begin_ms = impl_->now_ms = settings.settings.now_ms();
  impl_->sockets->Begin(
      WallWords(impl_->pace.scale, settings.role, settings.settings.wall_base_ms()));
  impl_->base_ms = WallNow();
  impl_->ear->Begin(impl_->base_ms, impl_->pace.scale.tick_ms, impl_->pace.scale.grace_ms());
  return Done{};
}

Result<Done> BlackBoxBench::Inject(const WireMessage& message) {
  if (auto why = impl_->sockets->CannotCarry(message)) {
    return Of(TroubleKind::kUnsupported, *std::move(why));
  }
  impl_->injected.push_back(message);
  impl_->ear->NoteSaid(message);
  impl_->sockets->Send(message);
  return Done{};
}

Result<StepResult> BlackBoxBench::Advance(VirtualTime to, control::v1::Fire fire) {
  const std::uint64_t to_ms = ToMs(to);
  if (!impl_->pace.scale.ToReal(to_ms - impl_->begin_ms)) {
    impl_->findings.misfit_ms = to_ms - impl_->begin_ms;
    return Of(TroubleKind::kUnsupported, fmt::format("no tick is at {} ms", to_ms));
  }
  if (impl_->Real(to_ms) - impl_->base_ms > impl_->pace.longest.count()) {
    impl_->findings.too_long = true;
    impl_->findings.refused =
        fmt::format("it lasts longer than {} s on the wall clock, which --longest allows",
                    impl_->pace.longest.count() / 1000);
    return Of(TroubleKind::kUnsupported, impl_->findings.refused);
  }
  if (auto played = impl_->Play(to_ms); !played) {
    return std::move(played).trouble();
  }
  if (const auto late = impl_->findings.late_by_ms) {
    return Of(TroubleKind::kUnsupported,
              fmt::format("something was {} ms late on a real clock", *late));
  }
  control::v1::Request request;
  request.mutable_advance()->set_to_ms(to_ms);
  request.mutable_advance()->set_fire(fire);
  return impl_->Tell(request);
}

// Another module asks for it until it is told on every path that nobody is there.
Result<StepResult> BlackBoxBench::Impl::ProveGone(const std::string& module) {
  const Deadline deadline = Deadline::OfGuard(options.answer);
  std::vector<Path> asked = sockets->paths();
  std::erase_if(asked, [&](const Path& path) { return path.peer != asked.front().peer; });
  while (!asked.empty() && !deadline.Passed()) {
    std::vector<std::string> nonces;
    for (Path path : asked) {
      path.module = module;
      bool sent = false;
      nonces.push_back(ear->SendPing(path, sent));
    }
    if (auto proven = ProveAll(); !proven) {
      return std::move(proven).trouble();
    }
    std::vector<Path> left;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (!ear->refused().contains(nonces[i])) {
        left.push_back(asked[i]);
      }
    }
    asked = std::move(left);
    if (!asked.empty()) {
      ear->Listen(kPause);
    }
  }
  if (!asked.empty()) {
    return Of(TroubleKind::kUnresponsive,
              "a PING to a module whose connections have closed is not answered NO_ROUTE",
              "CMB-WIRE-013");
  }
  return Tell({});
}

Result<StepResult> BlackBoxBench::Disconnect(const std::string& module) {
  if (!impl_->sockets->Disconnect(module) || impl_->sockets->paths().empty()) {
    return NotHere("that the only module leaves");
  }
  return impl_->ProveGone(module);
}

Result<StepResult> BlackBoxBench::Connect(const std::string& module) {
  if (!impl_->sockets->Reconnect(module)) {
    return Of(TroubleKind::kMisuse, module + " is there already");
  }
  const Deadline deadline = Deadline::OfGuard(impl_->options.answer);
  while (impl_->ear->Prove(impl_->sockets->paths(), kPause) && !deadline.Passed()) {
    impl_->ear->Listen(kPause);
  }
  if (auto proven = impl_->ProveAll(); !proven) {
    return std::move(proven).trouble();
  }
  return impl_->Tell({});
}

bool BlackBoxBench::Reaches(const WireMessage& message) const {
  return impl_->sockets->Reaches(message);
}

Result<Done> BlackBoxBench::EndCase() { return impl_->ProveAll(); }

void BlackBoxBench::Discard() {
  impl_->ear.reset();
  impl_->sockets.reset();
}

VirtualTime BlackBoxBench::now() const { return FromMs(impl_->now_ms); }

std::optional<NextDeadline> BlackBoxBench::next_deadline() const {
  return NextDeadline{FromMs(impl_->now_ms + impl_->pace.scale.unit_ms)};
}

Result<StepResult> BlackBoxBench::Request(const control::v1::Request&) {
  return NotHere("what it is asked for");
}
Result<Done> BlackBoxBench::Crash() { return NotHere("a crash"); }
Result<StepResult> BlackBoxBench::Start(VirtualTime, std::int64_t) { return NotHere("a start"); }
Result<StepResult> BlackBoxBench::Fill(const std::string&, bool) {
  return NotHere("a full queue of ZeroMQ");
}

}  // namespace cmb::conformance
