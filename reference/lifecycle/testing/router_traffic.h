// Traffic of two sources through one router: whatever arrives, in whatever order, with
// routes that come and go and processes that restart, the witness looks on after every
// act. Whoever draws the acts calls it. Header-only; used by tests alone.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/lifecycle/router.h"
#include "reference/lifecycle/testing/acts.h"
#include "reference/lifecycle/testing/altered.h"
#include "reference/lifecycle/testing/router_random.h"
#include "reference/lifecycle/testing/router_witness.h"
#include "reference/lifecycle/testing/told.h"

namespace cmb::lifecycle::testing {

class RouterTraffic {
 public:
  explicit RouterTraffic(Alteration alteration = {}) : alteration_(std::move(alteration)) {}

  static constexpr ActRanges kActs = {{{0, 10}, {0, 6}, {0, 12}, {1, 5}, {0, 12}}};

  void Do(const Acts& step) {
    const auto& [act, whose, which, attempt, detail] = step;
    if (act < 3) {
      const MessageIn message = RandomCopy(whose, attempt, detail);
      route_ = which % 4 != 0;
      witness_.Takes(message, now_);
      Carry(router_->OnMessage(message, now_));
    } else if (act < 6) {
      const AckIn ack = RandomAck(whose, which, attempt, detail);
      if (ack.source != ModuleId("target") || SpeaksOfWhatItGot(ack)) {
        witness_.Hears(ack, now_);
        Carry(router_->OnAck(ack, now_));
        witness_.TimePasses();
      }
    } else if (act < 8) {
      Pass(Duration{which * detail * 10});
    } else if (which < 4) {
      Restart(Duration{detail * 50});
    } else if (which < 8) {
      route_ = attempt != 1;
      Redrive(MessageId("m" + std::to_string(whose / 2)), ModuleId(SourceOf(whose)));
    } else {
      router_->Purge({ModuleId(SourceOf(whose)), {}, {}}, now_);
    }
    Compare();
  }

  // Nothing is armed for ever; what was given up waits for somebody.
  void ComeToRest() {
    Pass(Duration{100000});
    RC_ASSERT(router_->size() == router_->DeadLetters().entries.size());
    router_->Purge({ModuleId("operator"), {}, {}}, now_);
    Pass(Duration{100000});
    RC_ASSERT(router_->Timers().empty());
    RC_ASSERT(router_->size() == 0u);
  }

 private:
  static RouterConfig Config() {
    RouterConfig config;
    config.max_deliveries = kMaxDeliveries;
    config.queue_per_target = kQueueLimit;
    config.max_latency = kMaxLatency;
    config.operators = {ModuleId("operator")};
    return config;
  }

  // An attempt that came before the router forgot its record is under way for
  // longer than MAX_LATENCY allows.
  bool SpeaksOfWhatItGot(const AckIn& ack) const {
    const std::optional<RecordView> record = router_->Find({ack.target, ack.correlation_id});
    return !record || ack.attempt <= record->attempt;
  }

  // Of all that there may be.
  std::vector<MessageKey> Keys() const {
    std::vector<MessageKey> keys;
    for (const std::string source : {"sender", "other", "target", "mallory"}) {
      for (const std::string id : {"m0", "m1", "m2"}) {
        keys.push_back({ModuleId(source), MessageId(id)});
      }
      for (int n = 1; n <= redrives_; ++n) {
        keys.push_back({ModuleId(source), MessageId("again-" + std::to_string(n))});
      }
    }
    return keys;
  }

  void Compare() {
    std::vector<RecordView> records;
    for (const MessageKey& key : Keys()) {
      if (auto record = router_->Find(key)) {
        records.push_back(*std::move(record));
      }
    }
    witness_.Compare(*router_, Altered(std::move(records), alteration_.records),
                     Altered(router_->Timers(), alteration_.timers));
  }

  void Carry(const Effects& told) {
    const Effects effects = Altered(told, alteration_.effects);
    ChangesAgree(told, now_, [this](const MessageKey& key) { return router_->Find(key); });
    for (const Effect& effect : effects) {
      witness_.Watch(effect, now_);
      if (const auto* forward = std::get_if<ForwardMessage>(&effect)) {
        if (route_) {
          witness_.HandedOver(forward->key);
        }
        const ForwardResult result = route_ ? ForwardResult::kHandedOver : ForwardResult::kNoRoute;
        Carry(router_->OnForwardResult(forward->key, result, now_));
        Compare();
      }
    }
  }

  void Pass(Duration duration) {
    LetPass(*router_, now_, duration, [this](const Effects& effects) {
      Carry(effects);
      Compare();
    });
  }

  void Redrive(const MessageId& old_id, const ModuleId& source) {
    const MessageId new_id("again-" + std::to_string(++redrives_));
    const auto letter = router_->DeadLetter({source, old_id});
    witness_.Redrives({source, new_id}, letter ? letter->ttl : Duration{0}, now_);
    Carry(router_->Redrive({source, {source, old_id}, new_id, nullptr}, now_));
    RC_ASSERT(!letter || !router_->Find({source, new_id}) ||
              !router_->DeadLetter({source, old_id}));
  }

  // All that a store would have kept comes back in another process.
  void Restart(Duration down) {
    std::vector<RouterImage> images;
    for (const MessageKey& key : Keys()) {
      if (auto image = router_->Image(key)) {
        images.push_back(*std::move(image));
      }
    }
    RC_ASSERT(images.size() == router_->size());
    router_ = std::make_unique<Router>(Config(), nullptr);
    now_ += down;
    Carry(router_->Restore(std::move(images), now_));
  }

  Alteration alteration_;
  std::unique_ptr<Router> router_ = std::make_unique<Router>(Config(), nullptr);
  int redrives_ = 0;
  RouterWitness witness_;
  bool route_ = true;
  Instant now_ = AtMs(0);
};

}  // namespace cmb::lifecycle::testing
