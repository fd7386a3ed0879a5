// How a black box is connected to, and how one instant of it is played.
#include <algorithm>

#include "conformance/lower_tester/black_box_impl.h"
#include "conformance/lower_tester/open_phase.h"
#include "conformance/lower_tester/renamed_sockets.h"
#include "conformance/lower_tester/wall_clock.h"

namespace cmb::conformance {
namespace {

using std::chrono::milliseconds;

// How much later than the suite's own acts what follows from them may be at the router.
constexpr std::int64_t kTimersMs = 12;

// What no PING proves to be read: it went to the socket by which modules only hear.
constexpr milliseconds kUnproven{10};

constexpr milliseconds kPause{2};

Trouble Silent(const Path& path, const SocketLayout& layout) {
  return TroubleOf(
      TroubleKind::kUnresponsive,
      fmt::format("no PONG by {} to a PING on {}", layout.Name(path.in), layout.Name(path.out)));
}

}  // namespace

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
    return TroubleOf(TroubleKind::kCannotStart, *std::move(fault));
  }
  ear = std::make_unique<RouterEar>(*sockets, findings);
  const auto nobody = ChildProcess::SomebodyElses();
  auto opened = RunOpenPhase(sockets->inner(), {}, *nobody, guard);
  if (!opened) {
    const std::string& sentence = opened.trouble().sentence;
    return TroubleOf(TroubleKind::kUnresponsive, sentence.substr(sentence.find(": ") + 2));
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
      return TroubleOf(TroubleKind::kUnresponsive, "the router has closed a connection");
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
    ear->ListenUntil(WallNow() + pace.settle.count());
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
    return TroubleOf(TroubleKind::kUnresponsive,
                     "a PING to a module whose connections have closed is not answered NO_ROUTE",
                     "CMB-WIRE-013");
  }
  return Tell({});
}

}  // namespace cmb::conformance
