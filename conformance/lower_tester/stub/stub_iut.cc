#include "conformance/lower_tester/stub/stub_iut.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "proto/wire/frame_codec.h"

namespace cmb::conformance::stub {
namespace {

constexpr std::uint64_t kRepeatAfterMs = 1'000;

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

StubIut::StubIut(std::string mood) : mood_(std::move(mood)) {
  control_.set(zmq::sockopt::linger, 1000);
  control_.connect(Environment("CMB_CONTROL"));
}

int StubIut::Run() {
  SayHello();
  while (true) {
    std::vector<zmq::pollitem_t> items{{control_.handle(), 0, ZMQ_POLLIN, 0},
                                       {nullptr, Is("ignores_stdin") ? -1 : 0, ZMQ_POLLIN, 0}};
    if (open_) {
      for (zmq::socket_t& socket : sockets_) {
        items.push_back({socket.handle(), 0, ZMQ_POLLIN, 0});
      }
    }
    zmq::poll(items, std::chrono::milliseconds(-1));
    if (items[1].revents != 0) {
      return Is("exits_badly") ? 4 : 0;  // Nothing is ever written to stdin: it was closed.
    }
    if (open_) {
      Pump();
    }
    zmq::message_t frame;
    Request request;
    if (items[0].revents == 0 || !control_.recv(frame, zmq::recv_flags::dontwait)) {
      continue;
    }
    if (!request.ParseFromArray(frame.data(), static_cast<int>(frame.size())) || !Serve(request)) {
      return 0;
    }
  }
}

void StubIut::SayHello() {
  if (Is("silent")) {
    std::cerr << "I say nothing" << std::endl;
    return;
  }
  if (Is("garbage_hello")) {
    control_.send(zmq::str_buffer("\xff\xff\xff"), zmq::send_flags::none);
    return;
  }
  control::v1::FromHarness message;
  control::v1::Hello& hello = *message.mutable_hello();
  hello.set_incarnation(Environment("CMB_INCARNATION"));
  hello.mutable_pics()->set_name("stub");
  hello.mutable_pics()->set_version("1");
  hello.mutable_pics()->add_schema_versions(Is("other_version") ? 9 : 1);
  hello.mutable_pics()->add_features(ack::v1::FEATURE_VIRTUAL_CLOCK);
  if (!Is("empty_claims")) {
    control::v1::RoleClaim& claim = *hello.mutable_pics()->add_roles();
    claim.set_role(ack::v1::ROLE_SENDER);
    claim.set_profile(Is("durable") ? ack::v1::PROFILE_DURABLE : ack::v1::PROFILE_BASIC);
  }
  if (Is("old_incarnation")) {
    hello.set_incarnation("before");
  }
  control_.send(zmq::buffer(message.SerializeAsString()), zmq::send_flags::none);
}

bool StubIut::Serve(const Request& request) {
  Reply reply;
  if (request.has_configure()) {
    Configure(request.configure(), reply);
  } else if (request.has_begin()) {
    open_ = false;
    Recover();
  } else if (request.has_advance()) {
    Advance(request.advance(), reply);
  } else if (request.has_send()) {
    SendMessage(request.send(), reply);
  } else if (request.has_timers()) {
    for (const auto& [deadline_ms, message] : timers_) {
      control::v1::Timer& timer = *reply.mutable_timers()->add_timers();
      timer.set_message_id(message.message_id());
      timer.set_deadline_ms(deadline_ms);
    }
    reply.mutable_timers();
  } else if (request.has_reset()) {
    ReadUntil(request.reset().after_received());
  } else if (request.has_cancel()) {
    reply.mutable_error()->set_kind(control::v1::ERROR_KIND_UNSUPPORTED);
    reply.mutable_error()->set_sentence("no cancel here");
  }
  reply.set_seq(request.seq());
  reply.set_epoch(request.epoch());
  Misbehave(request, reply);
  Answer(reply);
  if (request.has_reset()) {
    std::remove((store_ + "/last").c_str());
    Restart(request.reset().settings());
  }
  return !request.has_shutdown() || Is("ignores_shutdown");
}

void StubIut::Misbehave(const Request& request, Reply& reply) {
  if (request.has_configure() && Is("crash_on_configure")) {
    std::abort();
  }
  if (!request.has_advance()) {
    return;
  }
  if (Is("exit_on_advance")) {
    std::cerr << "I give up" << std::endl;
    std::exit(3);
  }
  if (Is("crash_on_advance")) {
    std::signal(SIGSEGV, SIG_DFL);
    std::raise(SIGSEGV);
  }
  if (Is("hang_on_advance")) {
    std::string line;
    std::getline(std::cin, line);  // Until the suite closes stdin or kills.
    std::exit(0);
  }
  if (Is("garbage_reply")) {
    control_.send(zmq::str_buffer("\xff\xff\xff"), zmq::send_flags::none);
  }
  if (Is("two_frames")) {
    control_.send(zmq::message_t(), zmq::send_flags::sndmore);
  }
  if (Is("wrong_seq")) {
    reply.set_seq(reply.seq() + 1);
  }
  if (Is("wrong_epoch")) {
    reply.set_epoch(reply.epoch() + 1);
  }
  if (Is("noisy")) {
    std::cerr << std::string(300'000, '.') << "the end" << std::endl;
  }
}

void StubIut::Answer(Reply& reply) {
  reply.set_now_ms(Is("wrong_now") ? now_ms_ + 1 : now_ms_);
  reply.set_received(received_);
  std::uint64_t sum = 0;
  for (const std::uint64_t count : sent_) {
    reply.add_sent_by_socket(count);
    sum += count;
  }
  if (Is("overcounts") && received_ > 0) {
    reply.set_sent_by_socket(0, reply.sent_by_socket(0) + 1);
    ++sum;
  }
  reply.set_sent(Is("wrong_sum") ? sum + 1 : sum);
  reply.set_undeliverable(undeliverable_);
  if (Is("frames_in_reply") && received_ > 0) {
    reply.add_frames()->set_socket("main");
  }
  if (!timers_.empty() && !Is("no_deadline")) {
    reply.mutable_next_deadline()->set_ms(timers_.begin()->first);
    reply.mutable_next_deadline()->set_class_(control::v1::DEADLINE_CLASS_PROTOCOL);
  }
  reply.mutable_events()->Swap(pending_.mutable_events());
  pending_.Clear();
  control::v1::FromHarness message;
  *message.mutable_reply() = std::move(reply);
  control_.send(zmq::buffer(message.SerializeAsString()), zmq::send_flags::none);
}

void StubIut::Advance(const control::v1::Advance& advance, Reply& reply) {
  if (!ReadUntil(advance.after_received())) {
    reply.mutable_error()->set_kind(control::v1::ERROR_KIND_WAIT_TIMEOUT);
    reply.mutable_error()->set_sentence("too few messages");
    return;
  }
  now_ms_ = advance.to_ms();
  if (advance.fire() == control::v1::FIRE_BEFORE_FRAMES) {
    FireTimers();
  }
  HandleInbox();
  if (advance.fire() == control::v1::FIRE_AFTER_FRAMES) {
    FireTimers();
  }
}

void StubIut::FireTimers() {
  while (!timers_.empty() && timers_.begin()->first <= now_ms_) {
    CognitiveMessage message = timers_.extract(timers_.begin()).mapped();
    message.set_attempt(message.attempt() + 1);
    Put(0, "", message, "payload");
  }
}

void StubIut::SendMessage(const control::v1::Send& send, Reply& reply) {
  CognitiveMessage header;
  header.set_schema_version(1);
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_message_id((Is("own_ids") ? "" : id_prefix_) + std::to_string(++messages_));
  header.set_source(module_id_);
  header.add_targets(send.target());
  header.set_channel(send.channel());
  header.set_attempt(1);
  header.set_ttl_ms(send.ttl_ms());
  reply.mutable_sent_message()->set_message_id(header.message_id());
  if (Is("pings")) {
    Ping(0);
    Ping(1);
  }
  Put(0, "", header, send.payload(), !Is("does_not_count"));
  Remember(header);
  timers_.emplace(now_ms_ + kRepeatAfterMs, header);
}

void StubIut::HandleInbox() {
  std::stable_sort(inbox_.begin(), inbox_.end(), [](const Incoming& a, const Incoming& b) {
    return std::tie(a.socket, a.peer) < std::tie(b.socket, b.peer);
  });
  for (const Incoming& incoming : std::exchange(inbox_, {})) {
    Handle(incoming);
  }
}

void StubIut::Handle(const Incoming& incoming) {
  const auto decoded = wire::Decode(incoming.frames);
  const auto* message = std::get_if<wire::Decoded>(&decoded);
  if (message != nullptr && message->header.msg_type() == ack::v1::MSG_TYPE_PING) {
    if (is_router_ && message->header.targets(0) != module_id_) {
      PassOn(incoming, message->header);
      return;
    }
    if (Is("no_pong") || (Is("no_closing_pong") && !open_)) {
      return;
    }
    CognitiveMessage pong;
    pong.set_schema_version(1);
    pong.set_msg_type(ack::v1::MSG_TYPE_PONG);
    pong.set_source(module_id_);
    pong.add_targets(message->header.source());
    pong.set_correlation_id(message->header.message_id());
    const bool astray = Is("pong_astray");  // Whatever is asked, by the ACK ingress.
    Put(astray ? sockets_.size() - 2 : PairOf(incoming.socket), incoming.peer, pong,
        message->payload, !open_);
    return;
  }
  ack::v1::Event& event = *pending_.add_events();
  event.set_number(++events_ + (Is("skips_numbers") ? 1 : 0));
  event.mutable_anomaly()->set_note(
      std::to_string(incoming.socket) + " " + incoming.peer + " " +
      (message == nullptr ? "?" : message->header.message_id() + message->header.correlation_id()));
  if (message != nullptr && is_router_) {
    Forward(incoming, message->header);
  }
}

void StubIut::Forward(const Incoming& incoming, const CognitiveMessage& header) {
  if (header.msg_type() != ack::v1::MSG_TYPE_MESSAGE || header.targets().empty()) {
    return;
  }
  Put(incoming.socket, header.targets(0), header, incoming.frames[1]);
  CognitiveMessage ack;
  ack.set_schema_version(1);
  ack.set_msg_type(ack::v1::MSG_TYPE_ACK);
  ack.set_source(module_id_);
  ack.add_targets(header.source());
  ack.mutable_ack()->set_ack_type(ack::v1::ACK_TYPE_ROUTER_ACK);
  ack.mutable_ack()->set_status(ack::v1::STATUS_SUCCESS);
  ack.mutable_ack()->set_correlation_id(header.message_id());
  ack.mutable_ack()->set_attempt(header.attempt());
  Put(sockets_.size() - 1, header.source(), ack, "");
}

}  // namespace cmb::conformance::stub
