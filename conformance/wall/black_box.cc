#include "conformance/wall/black_box.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <variant>

#include "conformance/engine/sight.h"
#include "conformance/lower_tester/renaming.h"
#include "proto/wire/frame_codec.h"

namespace cmb::conformance::wall {
namespace {

using ack::v1::CognitiveMessage;
using scenario::Case;
using scenario::Step;

// MAX_LATENCY of 7.1, which is not scaled: nothing is forgotten before twice that.
constexpr std::uint64_t kRemembersMs = 60'000;

// The least jitter factor (CMB-RTY-009).
constexpr double kLeastJitter = 0.5;

template <class... Acts>
bool Has(const std::vector<Step>& steps) {
  return std::any_of(steps.begin(), steps.end(), [](const Step& step) {
    if (const auto* together = std::get_if<scenario::Together>(&step.action)) {
      return Has<Acts...>(together->acts);
    }
    return (std::holds_alternative<Acts>(step.action) || ...);
  });
}

bool GoesOnUntilQuiet(const Case& one) {
  return std::any_of(one.steps.begin(), one.steps.end(), [](const Step& step) {
    const auto* advance = std::get_if<scenario::Advance>(&step.action);
    return advance != nullptr && advance->until_quiet;
  });
}

// Besides channels and the room of ids, which are the suite's own.
bool SetsSettings(const Case& one) {
  scenario::Config config = one.config;
  config.channels = scenario::Config{}.channels;
  config.id_bytes = scenario::Config{}.id_bytes;
  config.jitter = scenario::Config{}.jitter;
  return config != scenario::Config{};
}

bool UsesKeys(const Case& one) {
  return std::any_of(one.peers.begin(), one.peers.end(), [](const auto& entry) {
    return entry.second.key != scenario::Peer::Key::kUnsaid;
  });
}

bool HasNameThatIsNeeded(const Case& one) {
  return std::any_of(one.peers.begin(), one.peers.end(), [](const auto& entry) {
    return entry.first != "router" && !IsRenamable(entry.first);
  });
}

// Where other cases, and whoever was there before, are seen too.
bool AsksForAll(const Case& one) {
  return std::any_of(one.steps.begin(), one.steps.end(), [](const Step& step) {
    const auto* ask = std::get_if<scenario::Ask>(&step.action);
    return ask != nullptr && (ask->kind == ack::v1::QUERY_KIND_IN_FLIGHT ||
                              ask->kind == ack::v1::QUERY_KIND_HEALTH ||
                              ask->kind == ack::v1::QUERY_KIND_DEAD_LETTERS);
  });
}

// A REPLY tells instants of the router's own clock, which began long before the case.
bool LooksAtItsClock(const Case& one) {
  return std::any_of(one.steps.begin(), one.steps.end(), [](const Step& step) {
    const auto* look = std::get_if<scenario::Expect>(&step.action);
    return look != nullptr && look->what.term.kind == scenario::Term::Kind::kReply &&
           std::any_of(look->what.fields.begin(), look->what.fields.end(),
                       [](const auto& field) { return field.path.ends_with("_ms"); });
  });
}

// A wait that may end anew from `from_ms` on, where nothing has ended it.
struct Wait {
  double from_ms = 0;
  std::uint32_t attempt = 0;
  std::uint64_t number = 0;  // Forwards of the attempt so far.
};

// The waits before redeliveries, each of which the router draws: the earliest instant at which one
// may have ended.
class Waits {
 public:
  void See(std::uint64_t at_ms, const DataFrame& frame) {
    if (!frame.header) {
      return;
    }
    Expire(at_ms);
    const CognitiveMessage& header = *frame.header;
    if (frame.direction == Direction::kFromIut && header.msg_type() == ack::v1::MSG_TYPE_MESSAGE) {
      Begin(at_ms, header);
    } else if (header.has_ack() && Ends(frame.direction, header.ack().ack_type())) {
      waits_.erase(header.ack().correlation_id());
    }
  }
  void Expire(std::uint64_t at_ms) {
    for (const auto& [id, wait] : waits_) {
      if (wait.from_ms <= static_cast<double>(at_ms)) {
        const auto from_ms = static_cast<std::uint64_t>(wait.from_ms);
        first_ = std::min(first_.value_or(from_ms), from_ms);
      }
    }
  }
  std::optional<std::uint64_t> first() const { return first_; }

 private:
  void Begin(std::uint64_t at_ms, const CognitiveMessage& header) {
    const ack::v1::DeliveryPolicy& policy = header.policy();
    Wait& wait = waits_[header.message_id()];
    wait = wait.attempt == header.attempt() ? wait : Wait{0, header.attempt(), 0};
    const double factor = std::clamp(policy.backoff_factor(), 1.0, 10.0);
    const double backoff = std::min(static_cast<double>(policy.backoff_first_ms()) *
                                        std::pow(factor, static_cast<double>(wait.number++)),
                                    static_cast<double>(policy.backoff_max_ms()));
    wait.from_ms = static_cast<double>(at_ms) + kLeastJitter * backoff;
  }
  // By the router's own word, or by the sender's.
  static bool Ends(Direction direction, ack::v1::AckType type) {
    return direction == Direction::kFromIut
               ? type == ack::v1::ACK_TYPE_DELIVERY_ACK || type == ack::v1::ACK_TYPE_TIMEOUT
               : type == ack::v1::ACK_TYPE_CANCEL;
  }

  std::map<std::string, Wait> waits_;  // By message_id.
  std::optional<std::uint64_t> first_;
};

std::optional<std::uint64_t> FirstDrawnInstant(const Transcript& transcript) {
  Waits waits;
  for (const Entry& entry : transcript.entries) {
    if (const auto* frame = std::get_if<DataFrame>(&entry.what)) {
      waits.See(entry.at_ms, *frame);
    }
    waits.Expire(entry.at_ms);
  }
  return waits.first();
}

// Timers of one instant, which on a real clock are of several.
bool OrdersTimers(const Miss& miss, const Transcript& transcript) {
  return miss.got.find("[it came before]") != std::string::npos &&
         std::none_of(transcript.entries.begin(), transcript.entries.end(),
                      [&miss](const Entry& entry) {
                        const auto* frame = std::get_if<DataFrame>(&entry.what);
                        return frame != nullptr && frame->direction == Direction::kToIut &&
                               entry.at_ms == miss.moment.at_ms;
                      });
}

bool SpeaksOfForwards(const Miss& miss) {
  const auto speaks = [](const std::string& text) {
    return text.find("MESSAGE") != std::string::npos || text.find("attempts") != std::string::npos;
  };
  return speaks(miss.want) || speaks(miss.got);
}

bool ActsLate(const Transcript& transcript) {
  const std::uint64_t begin_ms = transcript.header.settings.now_ms();
  return std::any_of(transcript.entries.begin(), transcript.entries.end(), [&](const Entry& entry) {
    const auto* frame = std::get_if<DataFrame>(&entry.what);
    return frame != nullptr && frame->direction == Direction::kToIut &&
           entry.at_ms >= begin_ms + kRemembersMs;
  });
}

// floor(0.9 · delivery_ack_ms) of CMB-RTR-012 on another scale.
bool RoundsItsPhase(const Case& one) {
  return std::any_of(one.messages.begin(), one.messages.end(), [](const auto& entry) {
    return entry.second.policy.delivery_ack.count() % 10 != 0;
  });
}

struct Reason {
  bool (*holds)(const Case& one);
  const char* sentence;
};

// Of each what nobody can do without a harness; the first that applies is told.
constexpr Reason kReasons[] = {
    {[](const Case& one) { return Has<scenario::Crash, scenario::Start>(one.steps); },
     "it ends and starts the router"},
    {[](const Case& one) { return Has<scenario::WallJump>(one.steps); },
     "it moves the router's wall clock"},
    {[](const Case& one) { return Has<scenario::FillQueue>(one.steps); },
     "it fills the router's queues of ZeroMQ"},
    {UsesKeys, "it needs CURVE keys of its own"},
    {HasNameThatIsNeeded, "it needs modules of exactly its names, which only one case may have"},
    {AsksForAll, "it asks for all that the router holds, in which others are too"},
    {LooksAtItsClock, "it looks at instants of the router's own clock"},
    {SetsSettings, "it sets bounds or times of the router"},
    {[](const Case& one) { return one.config.jitter != scenario::Config{}.jitter; },
     "it gives the router its jitter"},
    {RoundsItsPhase, "its delivery phase is rounded, and on another scale otherwise"},
    {GoesOnUntilQuiet, "it goes on until the router is quiet, which only its timers tell"},
    {[](const Case& one) { return engine::CountSeen(one) == 0; },
     "nothing to observe: it looks at events, records and timers alone"},
};

}  // namespace

std::optional<std::string> NeedsHarness(const Case& one, const std::vector<std::string>& channels) {
  for (const Reason& reason : kReasons) {
    if (reason.holds(one)) {
      return reason.sentence;
    }
  }
  for (const std::string& channel : one.config.channels) {
    if (std::find(channels.begin(), channels.end(), channel) == channels.end()) {
      return "it needs the channel '" + channel + "': name it as messages." + channel + "=";
    }
  }
  return std::nullopt;
}

std::optional<std::string> RestsOnUnset(const CaseResult& result, const Transcript& transcript) {
  if (ActsLate(transcript)) {
    return "it rests on how long the router remembers, which is not scaled";
  }
  if (result.misses.empty()) {
    return std::nullopt;
  }
  const Miss& miss = result.misses.front();
  if (OrdersTimers(miss, transcript)) {
    return "it orders timers of one instant, which needs a virtual clock";
  }
  const auto drawn = FirstDrawnInstant(transcript);
  return drawn && miss.moment.at_ms >= *drawn && SpeaksOfForwards(miss)
             ? std::optional<std::string>(
                   "it rests on waits before redeliveries, which the router draws")
             : std::nullopt;
}

}  // namespace cmb::conformance::wall
