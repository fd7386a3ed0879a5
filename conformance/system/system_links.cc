// What goes from part to part, and when: the links and the clock of a system.
#include <algorithm>
#include <utility>
#include <variant>

#include "conformance/engine/frame_factory.h"
#include "conformance/system/system_bench.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance::system {
namespace {

// Parts that answer each other at one instant for ever must end somewhere.
constexpr int kMostRounds = 10'000;

// What the engine hears of the router and the target: which works were started.
void TakeExecutions(const std::vector<Exchange>& exchanges, StepResult& step) {
  for (const Exchange& exchange : exchanges) {
    Exchange heard;
    heard.reply.set_now_ms(exchange.reply.now_ms());
    for (const ack::v1::Event& event : exchange.reply.events()) {
      if (event.has_execution()) {
        *heard.reply.add_events() = event;
      }
    }
    if (heard.reply.events_size() > 0) {
      step.exchanges.push_back(std::move(heard));
    }
  }
}

}  // namespace

// ---------------------------------------------------------------- the links

void SystemBench::SendOn(std::size_t to, const WireMessage& message,
                         const engine::Crossing& crossing) {
  const auto arrive = [this, to, message](std::uint64_t delay_ms, const scenario::Harm& harm) {
    WireMessage copy = message;
    copy.frames = engine::Harmed(std::move(copy.frames), harm);
    queue_.Schedule(FromMs(ToMs(now_) + delay_ms), {to, std::move(copy)});
  };
  if (crossing.header == nullptr) {
    arrive(0, {});
  } else {
    pipeline_->Cross(crossing, ToMs(now_) - ToMs(begin_), arrive);
  }
}

void SystemBench::Cross(std::size_t from, const WireMessage& message) {
  const auto decoded = wire::Decode(message.frames);
  const auto* frame = std::get_if<wire::Decoded>(&decoded);
  const auto type = frame == nullptr ? ack::v1::MSG_TYPE_UNSPECIFIED : frame->header.msg_type();
  if (type == ack::v1::MSG_TYPE_PING || type == ack::v1::MSG_TYPE_PONG) {
    return;  // The bench of the part answers these.
  }
  engine::Crossing crossing;
  crossing.header = frame == nullptr ? nullptr : &frame->header;
  if (from == kSender || from == kTarget) {
    CrossToRouter(from, message, crossing);
  } else if (message.peer == "sender" || message.peer == "target") {
    CrossToModule(from, message, crossing);
  }
}

std::string SystemBench::RouterName(std::size_t router) const {
  return router == kSecond ? scenario::kSecondRouter : "router";
}

// Its sockets are those of a module that belong to it, numbered anew.
void SystemBench::CrossToRouter(std::size_t from, WireMessage message, engine::Crossing crossing) {
  const std::size_t place = layout_.RouterOf(message.socket);
  const std::size_t router = place == 0 ? kRouter : kSecond;
  message.socket -= layout_.routers()[place].first;
  crossing.link = message.peer = parts_[from].module_id();
  crossing.toward = crossing.router = RouterName(router);
  SendOn(router, message, crossing);
}

void SystemBench::CrossToModule(std::size_t router, WireMessage message,
                                engine::Crossing crossing) {
  const std::size_t to = IndexOf(message.peer);
  message.socket += layout_.routers()[router == kSecond ? 1 : 0].first;
  crossing.link = crossing.toward = message.peer;
  crossing.router = RouterName(router);
  message.peer = kRouterId;
  SendOn(to, message, crossing);
}

Result<Done> SystemBench::Follow(std::size_t from, Result<StepResult> result, StepResult& step) {
  if (!result) {
    return Named(from, result.trouble());
  }
  for (const Exchange& exchange : result->exchanges) {
    for (const WireMessage& message : exchange.received) {
      Cross(from, message);
    }
  }
  if (from == kSender) {
    std::move(result->exchanges.begin(), result->exchanges.end(),
              std::back_inserter(step.exchanges));
  } else {
    TakeExecutions(result->exchanges, step);
  }
  return Done{};
}

// ---------------------------------------------------------------- the clock

std::optional<NextDeadline> SystemBench::next_deadline() const {
  std::optional<NextDeadline> next;
  const auto take = [&next](const NextDeadline& other) {
    if (!next || (next->housekeeping && !other.housekeeping) ||
        (next->housekeeping == other.housekeeping && other.at < next->at)) {
      next = other;
    }
  };
  if (const auto arrival = queue_.Next()) {
    take({*arrival, false});
  }
  for (const Part& part : parts()) {
    if (const auto own = part.next_deadline()) {
      take(*own);
    }
  }
  return next;
}

Result<Done> SystemBench::Deliver(VirtualTime at, StepResult& step) {
  std::array<std::vector<WireMessage>, std::tuple_size_v<Parts>> due;
  while (auto arrival = queue_.TakeDue(at)) {
    due[arrival->to].push_back(std::move(arrival->message));
  }
  for (std::size_t i = 0; i < Count(); ++i) {
    if (due[i].empty()) {
      continue;
    }
    if (auto followed = Follow(i, parts_[i].Take(due[i], at), step); !followed) {
      return followed;
    }
  }
  return Done{};
}

Result<Done> SystemBench::FireDue(VirtualTime at, StepResult& step, bool& did) {
  for (std::size_t i = 0; i < Count(); ++i) {
    if (!parts_[i].IsDue(at)) {
      continue;
    }
    did = true;
    auto fired = parts_[i].Advance(at, control::v1::FIRE_AFTER_FRAMES);
    if (auto followed = Follow(i, std::move(fired), step); !followed) {
      return followed;
    }
  }
  return Done{};
}

// Housekeeping of parts that nothing came to.
Result<Done> SystemBench::CatchUp(VirtualTime at, StepResult& step) {
  for (std::size_t i = 0; i < Count(); ++i) {
    if (parts_[i].is_down() || parts_[i].bench().now() >= at) {
      continue;
    }
    auto moved = parts_[i].Advance(at, control::v1::FIRE_NONE);
    if (auto followed = Follow(i, std::move(moved), step); !followed) {
      return followed;
    }
  }
  return Done{};
}

Result<StepResult> SystemBench::Finish(const Result<Done>& done, StepResult& step) {
  if (!done) {
    return done.trouble();
  }
  step.now = now_;
  step.next_deadline = next_deadline();
  return std::move(step);
}

Result<StepResult> SystemBench::Advance(VirtualTime to, control::v1::Fire fire) {
  now_ = to;
  StepResult step;
  for (int round = 0; round < kMostRounds; ++round) {
    if (queue_.Next() && *queue_.Next() <= to) {
      if (auto delivered = Deliver(to, step); !delivered) {
        return delivered.trouble();
      }
      continue;
    }
    bool did = false;
    if (fire != control::v1::FIRE_NONE) {
      if (auto fired = FireDue(to, step, did); !fired) {
        return fired.trouble();
      }
    }
    if (!did) {
      return Finish(CatchUp(to, step), step);
    }
  }
  Trouble restless;
  restless.sentence = "the instant " + std::to_string(ToMs(to)) + " ms never came to rest";
  return restless;
}

}  // namespace cmb::conformance::system
