#include "reference/harness/harness.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <utility>

namespace cmb::reference {
namespace {

using control::v1::Request;

constexpr std::int64_t kForever = -1;

}  // namespace

Harness::Harness(HarnessOptions options)
    : options_(std::move(options)), control_(MakeControlLink(context_, options_.control)) {}

// CMB-CTL-001: the Hello comes first.
void Harness::Run() {
  control::v1::FromHarness hello;
  *hello.mutable_hello()->mutable_pics() = PicsOf(options_.claims);
  hello.mutable_hello()->set_incarnation(options_.incarnation);
  control_->Send(hello);
  while (WaitForWork()) {
    while (const auto request = control_->Receive()) {
      control::v1::FromHarness answer;
      *answer.mutable_reply() = Answer(*request);
      control_->Send(answer);
      BeginNextCase();
      if (shut_down_) {
        return;
      }
    }
  }
}

void Harness::BeginNextCase() {
  if (next_case_) {
    StartLiveClock(next_case_->now_ms());
    role_->BeginCase(*std::exchange(next_case_, std::nullopt));
    ++epoch_;
  }
}

// CMB-CTL-004, CMB-CTL-023; CMB-CTL-007: before Begin the data sockets are pumped in real
// time; after it they are left alone.
bool Harness::WaitForWork() {
  std::vector<zmq::pollitem_t> items{control_->PollItem(),
                                     {nullptr, options_.stdin_fd, ZMQ_POLLIN, 0}};
  const bool open = role_ && !begun_ && role_->sockets() != nullptr;
  if (open || (IsLive() && role_->sockets() != nullptr)) {
    const auto data = role_->sockets()->PollItems();
    items.insert(items.end(), data.begin(), data.end());
  }
  Poll(items, IsLive() ? UntilNextTimer() : kForever);
  const bool of_stdin = (items[1].revents & (ZMQ_POLLIN | ZMQ_POLLERR)) != 0;
  if (control_->ReadsStdin() ? control_->Ended() : of_stdin && !StdinIsOpen()) {
    return false;
  }
  if (open) {
    PumpOpenSockets();
  } else if (IsLive()) {
    GoOnLive();
  }
  return true;
}

bool Harness::StdinIsOpen() const {
  std::array<char, 256> ignored;
  return ::read(options_.stdin_fd, ignored.data(), ignored.size()) > 0;
}

void Harness::PumpOpenSockets() {
  ZmqTransport& transport = *role_->sockets();
  for (std::size_t socket = 0; socket < transport.sockets().size(); ++socket) {
    while (auto message = transport.Receive(socket)) {
      role_->shell().HandleOpen(*std::move(message));
      role_->Commit();
    }
  }
}

std::optional<Refusal> Harness::FaultOfEnvelope(const Request& request) const {
  if (request.request_case() == Request::REQUEST_NOT_SET) {
    return BadRequest("the frame holds no request that is known here");
  }
  if (request.seq() != last_seq_ + 1) {
    return BadRequest(fmt::format("seq {} where {} is expected", request.seq(), last_seq_ + 1));
  }
  if (request.incarnation() != options_.incarnation) {
    return BadRequest(fmt::format("incarnation \"{}\", but this is \"{}\"", request.incarnation(),
                                  options_.incarnation));
  }
  if (request.epoch() != epoch_) {
    return BadRequest(fmt::format("epoch {}, but this is {}", request.epoch(), epoch_));
  }
  return std::nullopt;
}

// CMB-CTL-003, CMB-CTL-005; CMB-CTL-018: what was said is handed over before it is counted.
control::v1::Reply Harness::Answer(const Request& request) {
  control::v1::Reply reply;
  reply.set_seq(request.seq());
  reply.set_epoch(request.epoch());
  auto refusal = FaultOfEnvelope(request);
  if (request.seq() == last_seq_ + 1) {
    last_seq_ = request.seq();  // Refused or not.
  }
  if (!refusal) {
    try {
      refusal = Carry(request, reply);
      if (role_) {
        role_->Commit();
      }
    } catch (const std::exception& error) {
      refusal = Refusal{control::v1::ERROR_KIND_INTERNAL, error.what()};
    }
  }
  if (refusal) {
    reply.mutable_error()->set_kind(refusal->kind);
    reply.mutable_error()->set_sentence(refusal->sentence);
  }
  FillState(reply);
  return reply;
}

std::optional<Refusal> Harness::Carry(const Request& request, control::v1::Reply& reply) {
  if (request.has_shutdown()) {
    shut_down_ = true;
    return CheckReplay();
  }
  if (request.has_configure()) {
    return role_ ? BadRequest("configured already") : Do(request.configure(), reply);
  }
  if (!role_) {
    return BadRequest("Configure comes first");
  }
  if (request.has_begin()) {
    if (begun_) {
      return BadRequest("begun already");
    }
    begun_ = true;
    StartLiveClock(role_->clock().NowMs());
    role_->Begin();
    return std::nullopt;
  }
  ReadLiveClock();
  return begun_ ? CarryGated(request, reply) : BadRequest("Begin comes first");
}

// CMB-CTL-015: all but Advance and Reset act at once.
std::optional<Refusal> Harness::CarryGated(const Request& request, control::v1::Reply& reply) {
  switch (request.request_case()) {
    case Request::kAdvance:
      return IsLive() ? AdvanceLive(request.advance()) : gate_.Advance(*role_, request.advance());
    case Request::kSend:
      return Do(request.send(), reply);
    case Request::kCancel:
      return Do(request.cancel());
    case Request::kScriptExecution:
      return Do(request.script_execution());
    case Request::kGetTransaction:
      Do(request.get_transaction(), reply);
      return std::nullopt;
    case Request::kTimers:
      Do(request.timers(), reply);
      return std::nullopt;
    case Request::kWallJump:
      role_->clock().JumpWallMs(request.wall_jump().by_ms());  // CMB-CTL-020.
      return std::nullopt;
    case Request::kReset:
      return Do(request.reset());
    case Request::kConnection:
      return Do(request.connection());
    case Request::kQueue:
      return Do(request.queue());
    case Request::kConfigure:
    case Request::kBegin:
    case Request::kShutdown:
    case Request::REQUEST_NOT_SET:
      break;  // Carry and FaultOfEnvelope have dealt with them.
  }
  return BadRequest("not now");
}

// CMB-CTL-011; CMB-CTL-040.
void Harness::FillTraffic(control::v1::Reply& reply) {
  if (auto* frames = role_->inline_frames()) {
    *reply.mutable_frames() = frames->TakeSent();
    reply.set_undeliverable(frames->undeliverable());
    return;
  }
  const auto& counters = role_->sockets()->counters();
  reply.set_received(counters.received);
  reply.set_sent(counters.sent);
  for (const auto sent : counters.sent_by_socket) {
    reply.add_sent_by_socket(sent);
  }
  reply.set_undeliverable(counters.undeliverable);
}

// CMB-CTL-011, CMB-CTL-014.
void Harness::FillState(control::v1::Reply& reply) {
  if (!role_) {
    return;
  }
  reply.set_now_ms(role_->clock().NowMs());
  if (!begun_) {
    return;  // CMB-CTL-026, CMB-CTL-011: the open phase counts nothing.
  }
  FillTraffic(reply);
  for (auto& event : role_->TakeEvents()) {
    *reply.add_events() = std::move(event);
  }
  auto next = role_->NextTimer(lifecycle::TimerClass::kProtocol);
  const bool is_protocol = next.has_value();
  if (!next) {
    next = role_->NextTimer(lifecycle::TimerClass::kHousekeeping);
  }
  if (next) {
    auto& deadline = *reply.mutable_next_deadline();
    deadline.set_ms(static_cast<std::uint64_t>(lifecycle::MsOf(next->deadline)));
    deadline.set_class_(is_protocol ? control::v1::DEADLINE_CLASS_PROTOCOL
                                    : control::v1::DEADLINE_CLASS_HOUSEKEEPING);
  }
}

void RunHarness(const HarnessOptions& options) { Harness(options).Run(); }

}  // namespace cmb::reference
