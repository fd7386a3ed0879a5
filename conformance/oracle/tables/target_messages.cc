// MESSAGEs at a target: which row they are, and what is there of the work.
#include <algorithm>

#include "conformance/oracle/tables/level.h"
#include "conformance/oracle/tables/row_text.h"
#include "conformance/oracle/tables/target_model.h"

namespace cmb::conformance::oracle::tables::target {
namespace {

using ack::v1::CognitiveMessage;

const std::string& KeyOf(const CognitiveMessage& header) {
  return header.idempotency_key().empty() ? header.message_id() : header.idempotency_key();
}

std::uint32_t AttemptOf(const CognitiveMessage& header) {
  return std::max<std::uint32_t>(header.attempt(), 1);
}

std::uint64_t LifeOf(const CognitiveMessage& header) {
  return std::min(header.ttl_ms(), kHundredYearsMs);
}

}  // namespace

namespace {

// What takes places of the table.
bool Lives(const Work& work, std::uint64_t now_ms) {
  return !work.HasEnded() || now_ms <= work.remember_until_ms;
}

}  // namespace

std::uint64_t TargetModel::Used() const {
  std::uint64_t used = 0;
  for (const Work& work : works_) {
    used += Lives(work, world_.now_ms) ? work.messages.size() : 0;
  }
  return used;
}

// A source's share of the table (CMB-SEC-014); absent bound: its own, which no case reaches.
bool TargetModel::HasRoom(const std::string& source) const {
  const std::uint64_t bound = world_.history.settings().limits().dedup();
  if (bound == 0) {
    return true;
  }
  std::uint64_t own = 0;
  for (const Work& work : works_) {
    own += Lives(work, world_.now_ms) && work.source == source ? work.messages.size() : 0;
  }
  constexpr std::uint64_t kUsualShares = 8;
  const std::uint64_t told = world_.history.settings().limits().source_shares();
  const std::uint64_t shares = told == 0 ? kUsualShares : told;
  const std::uint64_t share = std::max<std::uint64_t>(1, (bound + shares - 1) / shares);
  return Used() < bound && (!IsCrowded() || own < share);
}

bool TargetModel::IsCrowded() const {
  const std::uint64_t bound = world_.history.settings().limits().dedup();
  return bound != 0 && 4 * Used() >= 3 * bound;
}

std::string_view TargetModel::OfNoRoom() const {
  return Used() < world_.history.settings().limits().dedup() ? kShares : "CMB-TGT-008";
}

bool TargetModel::BearsItsKey(const Work& work) {
  const bool never_started =
      std::all_of(work.messages.begin(), work.messages.end(),
                  [](const Message& message) { return message.executions == 0; });
  switch (work.state) {
    case ack::v1::STATE_REJECTED:
      return work.reason != ack::v1::REASON_TTL_EXPIRED && !work.IsRefusedForNow();
    case ack::v1::STATE_CANCELLED:
      return !never_started;
    default:  // open enum
      return true;
  }
}

Work* TargetModel::BearerOf(const std::string& source, const std::string& key) {
  for (Work& work : works_) {
    if (!work.is_tombstone && work.source == source && work.key == key && BearsItsKey(work)) {
      return StillKnown(work) ? &work : nullptr;
    }
  }
  return nullptr;
}

// The message would be judged afresh (CMB-TGT-010).
bool TargetModel::WouldReopen(const CognitiveMessage& header) const {
  const Work* work = Find(header.source(), header.message_id());
  if (work == nullptr || !work->IsRefusedForNow()) {
    return false;
  }
  const auto found = std::find_if(work->messages.begin(), work->messages.end(),
                                  [&](const Message& m) { return m.id == header.message_id(); });
  return found->highest > 0 && AttemptOf(header) > found->highest;
}

// Whether the work has life left that the message does not give it (CMB-TGT-013).
bool TargetModel::AnotherLives(const Work& work, const std::string& id) const {
  return std::any_of(work.messages.begin(), work.messages.end(), [&](const Message& message) {
    return message.id != id && message.life_end_ms > world_.now_ms;
  });
}

bool TargetModel::Holds(TargetGuard guard, const FrameSeen& frame) const {
  const CognitiveMessage& header = *frame.header;
  auto& self = const_cast<TargetModel&>(*this);  // Looking up may find that a record is forgotten.
  Work* own = self.Find(header.source(), header.message_id());
  const bool has_place = own != nullptr || HasRoom(header.source());
  const bool reopens = WouldReopen(header);
  const std::string& key = own != nullptr && !own->is_tombstone ? own->key : KeyOf(header);
  const Work* bearer = own == nullptr || own->is_tombstone || reopens
                           ? self.BearerOf(header.source(), key)
                           : nullptr;
  switch (guard) {
    case TargetGuard::kNewWork:
      return own == nullptr && bearer == nullptr && has_place;
    case TargetGuard::kTtl0:
      return header.ttl_ms() == 0 && (own == nullptr || !AnotherLives(*own, header.message_id()));
    case TargetGuard::kTableFull:
      return !has_place;
    case TargetGuard::kCopy:
      return own != nullptr && !own->is_tombstone && !reopens;
    case TargetGuard::kAttaches:
      return bearer != nullptr && has_place;
    case TargetGuard::kRefused:
      return reopens && bearer != nullptr;
    case TargetGuard::kTombstone:
      return own != nullptr && own->is_tombstone;
    case TargetGuard::kReopens:
      return reopens && bearer == nullptr;
    case TargetGuard::kAnnounced:
    case TargetGuard::kBasic:
    case TargetGuard::kRoom:
    case TargetGuard::kAskedBefore:
    case TargetGuard::kRefusedRetryably:
    case TargetGuard::kDurable:
    case TargetGuard::kResumable:
    case TargetGuard::kNotDurable:
      return false;
  }
  return false;
}

// CMB-TGT-018: where it does not end first, its end is missing, or it ends as the message makes it.
void TargetModel::EndExpiredBearer(const CognitiveMessage& header) {
  Work* own = Find(header.source(), header.message_id());
  if (own != nullptr && !own->is_tombstone && !WouldReopen(header)) {
    return;
  }
  const std::string key = own != nullptr && !own->is_tombstone ? own->key : KeyOf(header);
  Work* bearer = BearerOf(header.source(), key);
  if (bearer != nullptr && bearer->state == ack::v1::STATE_RECEIVED &&
      bearer->life_end_ms <= world_.now_ms) {
    const std::size_t first = world_.expected.items.size();
    Apply(TargetRow::kTtlEnds, bearer, nullptr, nullptr);
    RestsOn("CMB-TGT-018", first);
  }
}

Work& TargetModel::NewWork(const CognitiveMessage& header) {
  const bool again = std::any_of(works_.begin(), works_.end(), [&](const Work& other) {
    return other.source == header.source() && other.key == KeyOf(header);
  });
  works_.push_back({});
  Work& work = works_.back();
  work.brought_again_in = again ? world_.exchange : 0;
  work.source = header.source();
  work.maker = header.message_id();
  work.key = KeyOf(header);
  work.channel = header.channel();
  work.stream = header.stream_id();
  work.sequence = header.sequence();
  work.place = ++places_;
  work.state = ack::v1::STATE_RECEIVED;
  work.created_ms = work.changed_ms = work.first_arrival_ms = world_.now_ms;
  work.offered_by = header.message_id();
  work.offered_attempt = AttemptOf(header);
  work.arrival_ms = world_.now_ms;
  return work;
}

void TargetModel::TakeMessage(const FrameSeen& frame) {
  const CognitiveMessage& header = *frame.header;
  if (IsOrdered() && !header.stream_id().empty() && header.sequence() != 0 &&
      !Holds(TargetGuard::kTableFull, frame)) {
    ComesInStream(header);
  }
  last_life_end_ms_ = Later(world_.now_ms, LifeOf(header));
  EndExpiredBearer(header);
  const Row* row = TheTargetTable().Select(TargetTrigger::kMessage,
                                           [&](TargetGuard guard) { return Holds(guard, frame); });
  if (row == nullptr) {
    return;
  }
  if (row->row == TargetRow::kMessageTableFull) {
    std::uint32_t& refused = refused_[{header.source(), header.message_id()}];
    refused = std::max(refused, AttemptOf(header));
  }
  was_crowded_ = IsCrowded();
  Work* work = Find(header.source(), header.message_id());
  const bool joins = row->row == TargetRow::kMessageTableFull ||
                     row->row == TargetRow::kMessageAttaches ||
                     row->row == TargetRow::kMessageAttachesRefused ||
                     row->row == TargetRow::kMessageAttachesTombstone;
  if (joins) {
    work = BearerOf(header.source(),
                    work != nullptr && !work->is_tombstone ? work->key : KeyOf(header));
  }
  Apply(row->row, work, &frame, nullptr);
}

// `raise attempt` and `extend lifetime`, of the copy in hand.
void TargetModel::Receive(Firing& firing) {
  const CognitiveMessage& header = *firing.frame->header;
  if (firing.message->highest == 0) {
    firing.message->stream = header.stream_id();
  }
  firing.message->highest = std::max(firing.message->highest, AttemptOf(header));
  firing.message->routers.insert(RouterOf(*firing.frame));
}

void TargetModel::ExtendLifetime(Firing& firing) {
  Work& work = *firing.work;
  const std::uint64_t latency = 2 * world_.history.max_latency_ms();
  if (firing.frame != nullptr) {
    const std::uint64_t life = LifeOf(*firing.frame->header);
    work.remember_until_ms =
        std::max(work.remember_until_ms, Later(Later(world_.now_ms, life), latency));
    if (work.first_arrival_ms == 0 && work.is_tombstone) {
      work.first_arrival_ms = world_.now_ms;
    }
    work.remember_until_ms = std::max(work.remember_until_ms,
                                      Later(work.first_arrival_ms, world_.history.key_window_ms()));
  }
  ArmExpiry(work);
}

// The life of the message in hand, and with it that of its work.
void TargetModel::SetLife(Firing& firing) {
  firing.message->life_end_ms = Later(world_.now_ms, LifeOf(*firing.frame->header));
  ArmLife(*firing.work);
}

void TargetModel::ArmLife(Work& work) {
  std::uint64_t end = 0;
  for (const Message& message : work.messages) {
    end = std::max(end, message.life_end_ms);
  }
  const bool is_later = end > work.life_end_ms || work.state == ack::v1::STATE_RECEIVED;
  const ArmedTimer* armed = world_.timers.Find(work.source, work.maker, ack::v1::TIMER_KIND_TTL);
  work.life_end_ms = std::max(work.life_end_ms, end);
  if (!work.HasEnded() && is_later && (armed == nullptr || armed->deadline_ms != end)) {
    world_.timers.Arm(work.source, work.maker, ack::v1::TIMER_KIND_TTL, end, "CMB-TGT-013");
  }
  if (work.state == ack::v1::STATE_EXECUTING && IsCore(world_.history)) {  // 1.2
    world_.timers.Free(work.source, work.maker, ack::v1::TIMER_KIND_TTL);
  }
}

// All of the refused or overtaken record join `other`, which is the row's.
void TargetModel::Join(Firing& firing) {
  Work* own = Find(firing.work->source, firing.frame->header->message_id());
  Work& other = *firing.work;
  if (own == nullptr || own == &other) {
    return;
  }
  if (!own->is_tombstone) {
    for (const Message& message : own->messages) {
      other.messages.push_back(message);
      other.messages.back().joined = true;
    }
    other.remember_until_ms = std::max(other.remember_until_ms, own->remember_until_ms);
  }
  Forget(*own);
  firing.message = MessageIn(other, firing.frame->header->message_id());
}

}  // namespace cmb::conformance::oracle::tables::target
