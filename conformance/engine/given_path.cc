#include "conformance/engine/given_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "conformance/scenario/default_blame.h"
#include "proto/wire/words.h"

namespace cmb::conformance::engine {
namespace {

using scenario::Given;
using State = ack::v1::State;

// The record that GetTransaction tells is the one that the events have told.
constexpr char kRecordIsAsTold[] = "CMB-INS-001";

scenario::Work WorkFor(State state) {
  scenario::Work work;
  if (state == ack::v1::STATE_EXECUTING || state == ack::v1::STATE_CANCELLED) {
    work.starts = scenario::Milliseconds(0);
    work.ends = scenario::Work::End::kNever;
  } else if (state == ack::v1::STATE_FAILED) {
    work.ends = scenario::Work::End::kFailure;
    work.code = ack::v1::ERROR_CODE_INTERNAL_ERROR;
  } else if (state == ack::v1::STATE_REJECTED) {
    work.ends = scenario::Work::End::kRejected;
    work.code = ack::v1::ERROR_CODE_PERMISSION_DENIED;
  }
  return work;
}

bool TargetHasIt(ack::v1::Role role, State state) {
  return state == ack::v1::STATE_DELIVERED ||
         (role == ack::v1::ROLE_SENDER && state == ack::v1::STATE_EXECUTING);
}

}  // namespace

void PrepareGiven(scenario::Case& scenario) {
  for (const Given& given : scenario.given) {
    const auto found = scenario.messages.find(given.alias);
    if (!given.state || found == scenario.messages.end()) {
      continue;
    }
    scenario::Message& message = found->second;
    if (scenario.role == ack::v1::ROLE_SENDER && *given.state == ack::v1::STATE_TIMEOUT_ABORT) {
      message.policy.max_retries = 0;
    }
    if (scenario.role == ack::v1::ROLE_ROUTER && *given.state == ack::v1::STATE_REJECTED &&
        message.to == "target") {
      message.to = kNobody;
    }
    if (scenario.role == ack::v1::ROLE_TARGET && message.work == scenario::Work{}) {
      message.work = WorkFor(*given.state);
    }
  }
}

GivenPath::GivenPath(const scenario::Case& scenario, FrameFactory& factory, Actor& actor,
                     Facts& facts, const MessageBook& book, const Window& window,
                     Timeline& timeline, Peers& peers, bool frames_only, bool is_core)
    : scenario_(scenario),
      factory_(factory),
      actor_(actor),
      facts_(facts),
      book_(book),
      window_(window),
      timeline_(timeline),
      peers_(peers),
      frames_only_(frames_only),
      is_core_(is_core) {}

MaybeHalt GivenPath::Do(const std::string& alias, const GivenStage& stage) {
  switch (stage.act) {
    case GivenStage::Act::kSend:
      return actor_.SendMessage(alias);
    case GivenStage::Act::kAck: {
      scenario::AckAct act;
      act.term = stage.ack;
      return actor_.PutAck(act, alias);
    }
    case GivenStage::Act::kWait:
      return std::nullopt;
  }
  return std::nullopt;
}

MaybeHalt GivenPath::WalkPart(const Given& given) {
  const scenario::Message& message = scenario_.messages.at(given.alias);
  if (!given.state) {  // UNSENT: it has its id, and nothing was sent.
    factory_.Declare(message);
    return std::nullopt;
  }
  for (GivenStage& stage : StagesTo(scenario_.role, *given.state, message.policy)) {
    if (auto halt = Do(given.alias, stage)) {
      return halt;
    }
    walked_.push_back({given.alias, std::move(stage), timeline_.here()});
  }
  return std::nullopt;
}

bool GivenPath::NeedsTime(const Given& given) const {
  return given.state &&
         ((scenario_.role == ack::v1::ROLE_SENDER &&
           *given.state == ack::v1::STATE_TIMEOUT_ABORT) ||
          (scenario_.role == ack::v1::ROLE_ROUTER && *given.state == ack::v1::STATE_DEAD_LETTERED));
}

bool GivenPath::Entered(const std::string& alias, State state) const {
  const Known* known = book_.Find(alias);
  const auto& items = window_.items();
  return known != nullptr && std::any_of(items.begin(), items.end(), [&](const Item& item) {
           const bool enters =
               item.kind == ItemKind::kTransition && item.event->transition().new_state() == state;
           return item.message_id == known->message_id &&
                  (enters || (frames_only_ && item.kind == ItemKind::kTimeout));
         });
}

MaybeHalt GivenPath::AwaitState(const Given& given) {
  const scenario::Policy& policy = scenario_.messages.at(given.alias).policy;
  const bool abort = *given.state == ack::v1::STATE_TIMEOUT_ABORT;
  const auto within = static_cast<std::uint64_t>((abort ? policy.execution : policy.ttl).count());
  const auto entered = [&] { return Entered(given.alias, *given.state); };
  return entered() ? std::nullopt : timeline_.MoveTo(timeline_.now_ms() + within, entered);
}

bool GivenPath::Made(const Walked& walked, bool has_record) const {
  // No event tells that a record was made in its first state (CMB-OBS-003); one that moved was.
  return walked.stage.from == ack::v1::STATE_UNSPECIFIED ? has_record || IsTold(walked.alias)
                                                         : Entered(walked.alias, walked.stage.to);
}

bool GivenPath::IsTold(const std::string& alias) const {
  const Known* known = book_.Find(alias);
  const auto& items = window_.items();
  return known != nullptr && std::any_of(items.begin(), items.end(), [&](const Item& item) {
           return item.kind == ItemKind::kTransition && item.message_id == known->message_id;
         });
}

const GivenPath::Walked* GivenPath::FirstNotMade(const std::string& alias, bool has_record) const {
  const Walked* first = nullptr;
  for (const Walked& walked : walked_) {
    const bool is_free = is_core_ && walked.stage.to == ack::v1::STATE_DELIVERED;
    if (walked.alias != alias || is_free) {
      continue;
    }
    // What a later stage implies was passed over.
    first = Made(walked, has_record) ? nullptr : first == nullptr ? &walked : first;
  }
  return first;
}

Miss GivenPath::MissOf(const Given& given, const std::optional<Record>& record) const {
  Miss miss;
  miss.place = {given.where.file, given.where.line, given.where.column};
  miss.step = "given: {" + given.source_text + "}";
  miss.moment = timeline_.here();
  miss.requirement = kRecordIsAsTold;
  miss.want = fmt::format("{} is {}", given.alias, wire::Word(*given.state));
  miss.got = given.alias + (record ? " is " + wire::Word(record->state()) : " has no record");
  if (const Walked* walked = FirstNotMade(given.alias, record.has_value())) {
    const GivenStage& stage = walked->stage;
    miss.moment = walked->done;
    miss.requirement = scenario::RowOfMove(scenario_.role, stage.from, stage.to, stage.reason);
    miss.row = miss.requirement;
    miss.want =
        fmt::format("{} becomes {} when {}", given.alias, wire::Word(stage.to), stage.Text());
  }
  return miss;
}

MaybeHalt GivenPath::Confirm(const Given& given, std::vector<Miss>& misses) {
  if (frames_only_) {
    ConfirmByFrames(given, misses);
    return std::nullopt;
  }
  const Known* known = book_.Find(given.alias);
  std::optional<Record> record;
  if (auto halt = facts_.Record(*known, record)) {
    return halt;
  }
  if (!record || record->state() != *given.state) {
    misses.push_back(MissOf(given, record));
  }
  return std::nullopt;
}

void GivenPath::ConfirmByFrames(const Given& given, std::vector<Miss>& misses) {
  if (NeedsTime(given) && !Entered(given.alias, *given.state)) {
    misses.push_back(MissOf(given, Record()));
    misses.back().got = "no TIMEOUT of " + given.alias;
  }
}

MaybeHalt GivenPath::WalkAll(bool timed) {
  for (const Given& given : scenario_.given) {
    if (NeedsTime(given) == timed) {
      if (auto halt = WalkPart(given)) {
        return halt;
      }
    }
  }
  return std::nullopt;
}

MaybeHalt GivenPath::Walk(std::vector<Miss>& misses) {
  auto halt = WalkAll(true);
  for (const Given& given : scenario_.given) {
    if (!halt && NeedsTime(given)) {
      halt = AwaitState(given);
    }
  }
  halt = halt ? halt : WalkAll(false);
  for (const Given& given : scenario_.given) {
    if (!halt && given.state && misses.empty()) {
      halt = Confirm(given, misses);
    }
  }
  for (const Given& given : scenario_.given) {
    if (!halt && scenario_.well_behaved && given.state &&
        TargetHasIt(scenario_.role, *given.state)) {
      peers_.Adopt(given.alias);
    }
  }
  return halt;
}

}  // namespace cmb::conformance::engine
