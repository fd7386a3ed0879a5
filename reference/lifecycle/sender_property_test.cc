// Random lives of three messages at one sender: whatever arrives, in whatever
// order and at whatever time, and however often the process restarts, the
// invariants hold after every step.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "reference/lifecycle/sender.h"
#include "reference/lifecycle/testing/sender_random.h"
#include "reference/lifecycle/testing/sender_witness.h"

namespace cmb::lifecycle::testing {
namespace {

class Life {
 public:
  void Do(const SenderActs& step) {
    const auto& [act, message, which, attempt, detail] = step;
    const MessageId id("m" + std::to_string(message));
    // CMB-SND-002: an id is never used again, and was no key before.
    if (act == 0 && !keys_.contains(id) && sent_.insert(id).second) {
      Outgoing outgoing{id,
                        ModuleId("target"),
                        ChannelName("main"),
                        KeyOf(which),
                        Duration{which * 300},
                        ShortPolicy(detail),
                        nullptr,
                        {ChannelName("main"), ChannelName("spare")}};
      keys_.insert(MessageId(outgoing.key.str()));
      witness_.Sends(id, outgoing.key);
      const auto sent = sender_->Send(outgoing, now_);
      if (const auto* effects = std::get_if<Effects>(&sent)) {
        witness_.Watch(*effects, now_);
      }
    } else if (act == 1) {
      witness_.Watch(sender_->Cancel(id, now_), now_);
    } else if (act >= 2 && act < 5) {
      AckIn ack = RandomAckOf(which, attempt, detail);
      ack.correlation_id = id;
      witness_.Hears(ack);
      witness_.Watch(sender_->OnAck(ack, now_), now_);
    } else if (act < 8) {
      Pass(Duration{which * detail * 10});
    } else {
      Restart(Duration{which * detail * 10});
    }
    witness_.Compare(*sender_);
  }

  // Nothing is armed for ever.
  void ComeToRest() {
    Pass(kWindow + Duration{100000});
    RC_ASSERT(sender_->Timers().empty());
    RC_ASSERT(sender_->size() == 0u);
  }

 private:
  // Its own, one that several have, or the id of another message.
  static IdempotencyKey KeyOf(int which) {
    const char* const keys[] = {"", "", "job", "m1", "m2"};
    return IdempotencyKey(keys[which % 5]);
  }

  static SenderConfig Config() {
    SenderConfig config;
    config.reconcile_window = kWindow;
    config.max_latency = Duration{500};
    config.fallback = true;
    config.circuit_breaker = true;
    return config;
  }

  void Pass(Duration duration) {
    const Instant end = now_ + duration;
    int fired = 0;
    while (const std::optional<Timer> next = NextDue(*sender_, end)) {
      RC_ASSERT(++fired < 10000);  // Timers come to an end.
      now_ = std::max(now_, next->deadline);
      witness_.Watch(sender_->FireNext(now_, ClassOf(next->kind)).value(), now_);
      witness_.Compare(*sender_);
    }
    now_ = end;
  }

  // All that a store would have kept comes back in another process.
  void Restart(Duration down) {
    std::vector<SenderImage> images;
    for (const RecordView& record : sender_->Records()) {
      images.push_back(sender_->Image(record.key.id).value());
    }
    sender_ = std::make_unique<Sender>(ModuleId("sender"), Config(), nullptr);
    now_ += down;
    witness_.Watch(sender_->Restore(std::move(images), now_), now_);
  }

  std::unique_ptr<Sender> sender_ = std::make_unique<Sender>(ModuleId("sender"), Config(), nullptr);
  SenderWitness witness_;
  std::set<MessageId> sent_, keys_;
  Instant now_ = AtMs(0);
};

RC_GTEST_PROP(SenderProperty, HoldsItsInvariantsWhateverComes, ()) {
  Life life;
  for (const SenderActs& step : *RandomActsOfSender()) {
    life.Do(step);
  }
  life.ComeToRest();
}

}  // namespace
}  // namespace cmb::lifecycle::testing
