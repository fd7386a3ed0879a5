// Lives of three messages at one sender: whatever arrives, in whatever order and at
// whatever time, and however often the process restarts, the witness looks on after
// every act. Whoever draws the acts calls it. Header-only; used by tests alone.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/lifecycle/sender.h"
#include "reference/lifecycle/testing/acts.h"
#include "reference/lifecycle/testing/altered.h"
#include "reference/lifecycle/testing/sender_random.h"
#include "reference/lifecycle/testing/sender_witness.h"
#include "reference/lifecycle/testing/told.h"

namespace cmb::lifecycle::testing {

class SenderLife {
 public:
  explicit SenderLife(Alteration alteration = {}) : alteration_(std::move(alteration)) {}

  static constexpr ActRanges kActs = {{{0, 9}, {1, 4}, {0, 12}, {1, 5}, {0, 12}}};

  void Do(const Acts& step) {
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
        Watch(*effects);
      }
    } else if (act == 1) {
      Watch(sender_->Cancel(id, now_));
    } else if (act >= 2 && act < 5) {
      AckIn ack = RandomAckOf(which, attempt, detail);
      ack.correlation_id = id;
      witness_.Hears(ack);
      Watch(sender_->OnAck(ack, now_));
    } else if (act < 8) {
      Pass(Duration{which * detail * 10});
    } else {
      Restart(Duration{which * detail * 10});
    }
    Compare();
  }

  // Nothing is armed for ever.
  void ComeToRest() {
    Pass(kWindow + Duration{100000});
    RC_ASSERT(sender_->Timers().empty());
    RC_ASSERT(sender_->size() == 0u);
  }

 private:
  void Watch(Effects told) {
    const Effects effects = Altered(std::move(told), alteration_.effects);
    witness_.Watch(effects, now_);
    ChangesAgree(effects, now_, [this](const MessageKey& key) { return sender_->Find(key.id); });
  }

  void Compare() {
    std::vector<State> states;
    for (const RecordView& record : sender_->Records()) {
      states.push_back(record.state);
    }
    CountsAgree(sender_->pending(), states);
    witness_.Compare(*sender_, Altered(sender_->Records(), alteration_.records),
                     Altered(sender_->Timers(), alteration_.timers));
  }

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
    LetPass(*sender_, now_, duration, [this](Effects effects) {
      Watch(std::move(effects));
      Compare();
    });
  }

  // All that a store would have kept comes back in another process.
  void Restart(Duration down) {
    std::vector<SenderImage> images;
    for (const RecordView& record : sender_->Records()) {
      images.push_back(sender_->Image(record.key.id).value());
    }
    sender_ = std::make_unique<Sender>(ModuleId("sender"), Config(), nullptr);
    now_ += down;
    Watch(sender_->Restore(std::move(images), now_));
  }

  Alteration alteration_;
  std::unique_ptr<Sender> sender_ = std::make_unique<Sender>(ModuleId("sender"), Config(), nullptr);
  SenderWitness witness_;
  std::set<MessageId> sent_, keys_;
  Instant now_ = AtMs(0);
};

}  // namespace cmb::lifecycle::testing
