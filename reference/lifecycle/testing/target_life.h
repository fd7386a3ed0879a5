// Copies and CANCELs of two sources' messages at one target of any profile, with
// handlers that hold, start, report, stop and end whenever they like, and restarts at
// any point: the invariants are asserted after every act. Whoever draws the acts calls
// it. Header-only; used by tests alone. long because: acts and witness ask one target.
#pragma once

#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "reference/lifecycle/target.h"
#include "reference/lifecycle/testing/acts.h"
#include "reference/lifecycle/testing/altered.h"
#include "reference/lifecycle/testing/table_law.h"
#include "reference/lifecycle/testing/target_story.h"
#include "reference/lifecycle/testing/told.h"

namespace cmb::lifecycle::testing {

inline constexpr std::size_t kTableLimit = 3;  // Messages.

inline bool HasEnded(State state) {
  return state != State::kReceived && state != State::kExecuting;
}

// What was told about one work, named by its first message, while its record
// lives.
struct Told {
  State state = State::kReceived;
  State before = State::kReceived;  // As the step began.
};

// The content of a terminal ACK that no later one may contradict.
using Terminal = std::pair<Status, ErrorCode>;

class TargetLife {
 public:
  static constexpr ActRanges kActs = {{{0, 13}, {0, 2}, {0, 4}, {1, 5}, {0, 12}}};

  explicit TargetLife(Profile profile, Alteration alteration = {})
      : profile_(profile), alteration_(std::move(alteration)) {
    Begin();
  }

  void Do(const Acts& step) {
    const auto& [act, source, message, attempt, detail] = step;
    const MessageKey key{ModuleId(source == 0 ? "sender" : "other"),
                         MessageId("m" + std::to_string(message))};
    if (act < 3) {
      Take(key, attempt, detail);
    } else if (act == 3) {
      Watch(target_->OnHandlerStarted(key, {.announce = detail % 2 == 0, .resumable = detail > 6},
                                      now_));
    } else if (act == 4) {
      Watch(target_->OnHandlerEnded(key, RandomEnd(detail), now_));
    } else if (act == 5) {
      Cancel(key);
    } else if (act == 6) {
      Watch(target_->OnHandlerHeld(key, Duration{detail * 100}, now_));
    } else if (act == 7) {
      Watch(target_->OnHandlerProgress(key, {}, now_));
    } else if (act == 8) {
      Watch(target_->OnHandlerStopped(key, now_));
    } else if (act == 9) {
      Restart(Duration{detail * 50});
    } else {
      Pass(Duration{attempt * detail * 40});
    }
    Compare();
  }

  // Nothing is armed for ever, once every handler has ended, and by then every
  // message that was taken has been told an end.
  void ComeToRest() {
    Pass(Duration{0});                                        // What fell due during a restart.
    for (std::size_t turn = 0; turn < kTableLimit; ++turn) {  // One of a stream at a time.
      for (const RecordView& record : target_->Records()) {
        Watch(target_->OnHandlerEnded(record.key, Ends(Status::kSuccess), now_));
      }
    }
    for (const RecordView& record : target_->Records()) {
      RC_ASSERT(HasEnded(record.state));
      RC_ASSERT(record.attempt == 0 || told_an_end_.contains(record.key));
    }
    Pass(Duration{100000});
    RC_ASSERT(target_->Timers().empty());
    RC_ASSERT(target_->size() == 0u);
  }

 private:
  TargetConfig Config() const {
    TargetConfig config = Tracked();
    config.profile = profile_;
    config.records = kTableLimit;
    config.max_latency = Duration{500};
    config.key_window = Duration{3000};
    config.began = AtMs(0);
    return config;
  }

  void Begin() { target_ = std::make_unique<Target>(ModuleId("target"), Config()); }

  void Restart(Duration away) {
    std::map<MessageKey, WorkImage> images;
    for (const RecordView& record : target_->Records()) {
      const WorkImage image = target_->Image(record.key).value();
      images.insert_or_assign(image.name, image);
    }
    now_ += away;
    Begin();
    if (profile_ != Profile::kDurable) {
      return;  // Nothing is known any more; Compare forgets it too.
    }
    std::vector<WorkImage> kept;
    for (const auto& [name, image] : images) {
      kept.push_back(image);
    }
    Watch(target_->Restore(kept, now_));
  }

  static HandlerEnd RandomEnd(int detail) {
    const Status ends[] = {Status::kSuccess, Status::kFailure, Status::kRejected};
    HandlerEnd end = Ends(ends[detail % 3], ErrorCode::kOverloaded, detail % 2 == 0);
    end.note = detail > 6 ? "why" : "";
    return end;
  }

  void Take(const MessageKey& key, int attempt, int detail) {
    MessageIn message;
    message.source = key.source;
    message.id = key.id;
    message.attempt = static_cast<Attempt>(attempt);
    message.ttl = Duration{detail * 100};
    message.key = IdempotencyKey(detail % 2 == 0 ? "job" : "");
    message.stream = StreamId(detail % 3 == 0 ? "stream" : "");
    const bool known = target_->Find(key).has_value();
    const std::size_t before = target_->Records().size();
    const Effects effects = target_->OnMessage(message, now_);
    // Each copy is answered once, first of all but the end of work whose life was over.
    const auto first = std::find_if(effects.begin(), effects.end(), [](const Effect& effect) {
      const auto* send = std::get_if<SendAck>(&effect);
      return send != nullptr && send->ack.type == AckType::kReceipt;
    });
    RC_ASSERT(first != effects.end());
    const auto* receipt = std::get_if<SendAck>(&*first);
    RC_ASSERT(receipt->ack.attempt == message.attempt && receipt->ack.correlation_id == key.id);
    const bool refused = receipt->ack.status == Status::kRejected;
    RC_ASSERT(!refused || (!known && before == kTableLimit && first + 1 == effects.end()));
    Watch(effects);
  }

  void Cancel(const MessageKey& key) {
    AckIn ack;
    ack.source = key.source;
    ack.correlation_id = key.id;
    ack.type = AckType::kCancel;
    const Effects effects = target_->OnAck(ack, now_);
    RC_ASSERT(profile_ != Profile::kBasic || effects.size() == 1u);
    Watch(effects);
  }

  static const TableLaw& Law() {
    static const TableLaw law("target");
    return law;
  }

  // An effect on the work by one of these words. A tombstone begins in CANCELLED.
  void Expect(const MessageKey& key, std::initializer_list<const char*> words) {
    const std::optional<WorkImage> work = target_->Image(key);
    RC_ASSERT(work.has_value());
    const Told& told = told_[work->name];
    Law().AllowsEffect({told.state, told.before, work->tombstone ? work->state : told.state},
                       words);
  }

  void WatchTold(const Effect& effect) {
    if (const auto* cancel = std::get_if<CancelWork>(&effect)) {
      Expect(cancel->key, {"ask handler to stop"});
    } else if (const auto* ended = std::get_if<TellLifeEnded>(&effect)) {
      Expect(ended->key, {"tell handler"});
    } else if (const auto* resume = std::get_if<ResumeWork>(&effect)) {
      Expect(resume->key, {"resume handler"});
    }
  }

  void Watch(Effects told) {
    const Effects effects = Altered(std::move(told), alteration_.effects);
    for (auto& [name, told] : told_) {
      told.before = told.state;
    }
    for (const Effect& effect : effects) {
      WatchTold(effect);
      if (const auto* send = std::get_if<SendAck>(&effect)) {
        OnSend(*send);
      } else if (const auto* emit = std::get_if<EmitEvent>(&effect)) {
        OnEvent(emit->event);
      }
    }
    ChangesAgree(effects, now_, [this](const MessageKey& key) { return target_->Find(key); });
  }

  void OnSend(const SendAck& send) {
    if (send.ack.type == AckType::kReceipt) {
      return;
    }
    const MessageKey key{send.to, send.ack.correlation_id};
    const std::optional<RecordView> record = target_->Find(key);
    RC_ASSERT(record.has_value());  // Told only to those who asked.
    const Status status = send.ack.status;
    // At this point of the effects, which may go on; a tombstone had no event.
    State state = told_[target_->Image(key)->name].state;
    if (status == Status::kInProgress) {
      RC_ASSERT(profile_ != Profile::kBasic);
      RC_ASSERT(!HasEnded(state));
      RC_ASSERT((state == State::kReceived) == send.ack.hold.has_value());
      return;
    }
    state = state == State::kReceived ? record->state : state;
    RC_ASSERT(IsTerminal(send.ack.type, status));
    RC_ASSERT(send.ack.code != ErrorCode::kDuplicateDetected);
    RC_ASSERT((state == State::kSucceeded) == (status == Status::kSuccess));
    RC_ASSERT((state == State::kRejected) == (status == Status::kRejected));
    const bool failed = state == State::kFailed || state == State::kCancelled;
    RC_ASSERT(failed == (status == Status::kFailure));
    told_an_end_.insert(key);
    if (!send.ack.retryable) {  // The first terminal wins.
      const Terminal terminal{status, send.ack.code};
      RC_ASSERT(terminals_.emplace(key, terminal).first->second == terminal);
    }
  }

  void OnEvent(const Event& event) {
    if (const auto* change = std::get_if<TransitionEvent>(&event)) {
      // The event names the copy that made or reopened the record, the chain is the record's.
      RC_ASSERT(target_->Find(change->key).has_value());
      Told& told = told_[target_->Image(change->key)->name];
      RC_ASSERT(change->old_state == told.state);
      RC_ASSERT(change->new_state != change->old_state);
      Law().AllowsChange(*change);
      RC_ASSERT(!HasEnded(change->old_state) || change->reason == Reason::kResend ||
                (change->old_state == State::kRejected && change->reason == Reason::kCancel));
      told.state = change->new_state;
    } else if (const auto* execution = std::get_if<ExecutionEvent>(&event)) {
      Expect(execution->key, {"start handler"});
      ++executions_[target_->Image(execution->key)->name];
    }
  }

  void Compare() {
    std::map<MessageKey, std::uint32_t> alive;  // By the name of the record.
    std::vector<State> states;
    std::map<std::pair<ModuleId, IdempotencyKey>, std::set<MessageKey>> bearers;
    const std::vector<RecordView> records = Altered(target_->Records(), alteration_.records);
    for (const RecordView& record : records) {
      const WorkImage work = target_->Image(record.key).value();
      if (!alive.contains(work.name)) {
        states.push_back(work.state);
      }
      alive[work.name] += record.execution_count;
      if (BearsItsKey(work)) {
        bearers[{record.key.source, record.idempotency_key}].insert(work.name);
      }
    }
    CountsAgree(target_->pending(), states);
    CompareTimers(records, Altered(target_->Timers(), alteration_.timers));
    RC_ASSERT(target_->size() == alive.size() && records.size() <= kTableLimit);
    for (const auto& [key, works] : bearers) {
      RC_ASSERT(works.size() == 1u);
    }
    for (const auto& [work, started] : alive) {
      RC_ASSERT(started <= 1u);  // At most one start while the record lives.
      RC_ASSERT(executions_[work] == started);
    }
    const auto is_forgotten = [&](const auto& each) { return !target_->Find(KeyIn(each)); };
    std::erase_if(terminals_, is_forgotten);
    std::erase_if(told_an_end_, is_forgotten);
    std::erase_if(executions_, [&](const auto& each) { return !alive.contains(each.first); });
    std::erase_if(told_, [&](const auto& each) { return !alive.contains(each.first); });
  }

  // A life ends while it may still matter; what has ended is forgotten in its time.
  void CompareTimers(const std::vector<RecordView>& records, const std::vector<Timer>& timers) {
    std::map<MessageKey, std::set<TimerKind>> armed;
    for (const Timer& timer : timers) {
      armed[timer.key].insert(timer.kind);
    }
    for (const RecordView& record : records) {
      const std::set<TimerKind>& kinds = armed[target_->Image(record.key)->name];
      const bool has_ended = HasEnded(record.state);
      RC_ASSERT(kinds.contains(TimerKind::kRecordExpiry) == has_ended);
      RC_ASSERT(kinds.contains(TimerKind::kTtl) || record.state != State::kReceived);
      RC_ASSERT(!kinds.contains(TimerKind::kTtl) || !has_ended);
    }
  }

  void Pass(Duration duration) {
    LetPass(*target_, now_, duration, [this](Effects effects) {
      Watch(std::move(effects));
      Compare();
    });
  }

  static MessageKey KeyIn(const MessageKey& key) { return key; }
  static MessageKey KeyIn(const std::pair<const MessageKey, Terminal>& entry) {
    return entry.first;
  }

  Profile profile_;
  Alteration alteration_;
  std::unique_ptr<Target> target_;
  std::map<MessageKey, Told> told_;                 // By the name of the record.
  std::map<MessageKey, std::uint32_t> executions_;  // By the same.
  std::map<MessageKey, Terminal> terminals_;        // Said, and not to be contradicted.
  std::set<MessageKey> told_an_end_;                // A retryable refusal is one too.
  Instant now_ = AtMs(0);
};

}  // namespace cmb::lifecycle::testing
