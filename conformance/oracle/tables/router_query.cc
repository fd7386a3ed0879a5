// What a TRACKED router answers to a QUERY (chapter 16).
#include <algorithm>
#include <map>

#include "conformance/oracle/tables/router_machine.h"

namespace cmb::conformance::oracle::tables::router {
namespace {

using ack::v1::CognitiveMessage;
using ack::v1::ErrorCode;
using ack::v1::Query;
using ack::v1::QueryReply;

constexpr std::uint32_t kLongestList = 1000, kUsualList = 100;
constexpr std::size_t kMostBytes = 65536;
constexpr int kEndsEarly = 32;  // Entries, at most, that a list may leave out and still fit.

bool NeedsDurable(ack::v1::QueryKind kind) {
  return kind == ack::v1::QUERY_KIND_DEAD_LETTERS || kind == ack::v1::QUERY_KIND_REDRIVE ||
         kind == ack::v1::QUERY_KIND_PURGE;
}

bool IsKnown(ack::v1::QueryKind kind) {
  return ack::v1::QueryKind_IsValid(kind) && kind != ack::v1::QUERY_KIND_UNSPECIFIED;
}

bool NeedsMessage(ack::v1::QueryKind kind) {
  return kind == ack::v1::QUERY_KIND_TRANSACTION || kind == ack::v1::QUERY_KIND_REDRIVE;
}

bool IsOnlyForSource(ack::v1::QueryKind kind) {
  return kind == ack::v1::QUERY_KIND_REDRIVE || kind == ack::v1::QUERY_KIND_PURGE;
}

// What a verdict names: the sentence of each kind.
std::string_view RequirementOf(const CognitiveMessage& asked, const QueryReply& reply) {
  if (reply.status() == ack::v1::STATUS_REJECTED) {
    switch (reply.error_code()) {
      case ack::v1::ERROR_CODE_PERMISSION_DENIED:
        return "CMB-DLQ-008";
      case ack::v1::ERROR_CODE_DUPLICATE_DETECTED:
        return "CMB-DLQ-010";
      default:  // open enum
        return asked.query().kind() == ack::v1::QUERY_KIND_REDRIVE &&
                       !asked.query().message_id().empty() &&
                       reply.error_code() != ack::v1::ERROR_CODE_UNSUPPORTED_MESSAGE_TYPE
                   ? "CMB-DLQ-007"
                   : "CMB-INS-007";
    }
  }
  switch (asked.query().kind()) {
    case ack::v1::QUERY_KIND_TRANSACTION:
      return "CMB-INS-004";
    case ack::v1::QUERY_KIND_IN_FLIGHT:
      return "CMB-INS-005";
    case ack::v1::QUERY_KIND_HEALTH:
      return "CMB-INS-006";
    case ack::v1::QUERY_KIND_DEAD_LETTERS:
      return "CMB-DLQ-001";
    case ack::v1::QUERY_KIND_REDRIVE:
      return "CMB-DLQ-004";
    case ack::v1::QUERY_KIND_PURGE:
      return "CMB-DLQ-006";
    default:  // open enum
      return "CMB-INS-003";
  }
}

FieldRequirements FieldsOf(const CognitiveMessage& asked, std::string_view own) {
  FieldRequirements fields{
      {"missing", "CMB-INS-003"}, {"correlation_id", "CMB-INS-003"}, {"targets", "CMB-INS-003"}};
  fields.emplace_back("socket", "CMB-INS-003");
  fields.emplace_back("reply.more", "CMB-INS-013");
  fields.emplace_back("reply.health.expired_dead_letters", "CMB-DLQ-011");
  fields.emplace_back("reply.in_flight", "CMB-INS-005");
  fields.emplace_back("reply.transaction.ack_history", "CMB-INS-011");
  fields.emplace_back("reply.transaction.last_retry_at_ms", "CMB-INS-012");
  if (asked.query().kind() == ack::v1::QUERY_KIND_DEAD_LETTERS) {
    fields.emplace_back("reply.dead_letters", own);
    fields.emplace_back("reply.dead_letters.forwarded_at_ms", "CMB-DLQ-009");
  }
  return fields;
}

}  // namespace

ErrorCode Machine::RefusalOf(const CognitiveMessage& asked) const {
  const Query& query = asked.query();
  if (!asked.has_query() || !IsKnown(query.kind())) {
    return ack::v1::ERROR_CODE_VALIDATION_ERROR;
  }
  if (NeedsDurable(query.kind()) && !bounds_.IsDurable()) {
    return ack::v1::ERROR_CODE_UNSUPPORTED_MESSAGE_TYPE;
  }
  if ((NeedsMessage(query.kind()) && query.message_id().empty()) || query.limit() > kLongestList) {
    return ack::v1::ERROR_CODE_VALIDATION_ERROR;
  }
  const bool own = query.source().empty() || query.source() == asked.source();
  return IsOnlyForSource(query.kind()) && !own ? ack::v1::ERROR_CODE_PERMISSION_DENIED
                                               : ack::v1::ERROR_CODE_UNSPECIFIED;
}

void Machine::HandleQuery(const FrameSeen& frame) {
  const CognitiveMessage& asked = *frame.header;
  CognitiveMessage header = AnswerTo(asked, ack::v1::MSG_TYPE_REPLY);
  QueryReply& reply = *header.mutable_reply();
  ErrorCode refusal = RefusalOf(asked);
  if (refusal == ack::v1::ERROR_CODE_UNSPECIFIED) {
    refusal = Fulfil(asked, header);
  }
  reply.set_error_code(refusal);
  reply.set_status(refusal == ack::v1::ERROR_CODE_UNSPECIFIED ? ack::v1::STATUS_SUCCESS
                                                              : ack::v1::STATUS_REJECTED);
  const std::string_view requirement =
      IsSpentLetter(asked, reply) ? "CMB-DLQ-005"
      : refusal == ack::v1::ERROR_CODE_VALIDATION_ERROR && IsLongLetter(asked)
          ? "CMB-DLQ-013"
          : RequirementOf(asked, reply);
  const Reason reason = world_.Apply(requirement, "router, QUERY", asked.message_id());
  if (!Reaches(asked.source())) {
    Undeliverable(reason, header, asked.source());
    return;
  }
  ExpectedItem& item = world_.Expect(
      reason, ExpectedFrame{
                  frame.frame->socket, asked.source(), std::move(header), MakeFrameBytes(""), {}});
  item.leeway = {"router's record"};
  if (world_.history.Declares(ack::v1::FEATURE_CURVE)) {  // How often somebody tried.
    item.leeway.push_back("cmb.ack.v1.Health.refused_connections");
  }
  item.fields = FieldsOf(
      asked, counters_.expired_dead_letters == 0 ? requirement : std::string_view("CMB-DLQ-011"));
}

ErrorCode Machine::Fulfil(const CognitiveMessage& asked, CognitiveMessage& answer) {
  QueryReply& reply = *answer.mutable_reply();
  switch (asked.query().kind()) {
    case ack::v1::QUERY_KIND_TRANSACTION: {
      const std::string& source = asked.query().source();
      if (const Record* record = memory_.Find(
              {source.empty() ? asked.source() : source, asked.query().message_id()})) {
        *reply.mutable_transaction() = TextOf(*record);
      }
      break;
    }
    case ack::v1::QUERY_KIND_IN_FLIGHT:
    case ack::v1::QUERY_KIND_DEAD_LETTERS:
      reply.set_status(ack::v1::STATUS_SUCCESS);
      List(asked.query(), answer);
      break;
    case ack::v1::QUERY_KIND_HEALTH:
      *reply.mutable_health() = HealthNow();
      break;
    case ack::v1::QUERY_KIND_REDRIVE:
      return Redrive(asked, reply);
    case ack::v1::QUERY_KIND_PURGE:
      Purge(asked, reply);
      break;
    default:  // open enum; refused before.
      break;
  }
  return ack::v1::ERROR_CODE_UNSPECIFIED;
}

// ---------------------------------------------------------------- lists and numbers

namespace {

bool IsInFlight(const Record& record) {
  return record.state == ack::v1::STATE_FORWARDING || record.state == ack::v1::STATE_DELIVERED;
}

int EntriesOf(const QueryReply& reply) {
  return reply.in_flight_size() + reply.dead_letters_size();
}

void DropLast(QueryReply& reply, int entries) {
  for (; entries > 0; --entries) {
    if (reply.in_flight_size() > 0) {
      reply.mutable_in_flight()->RemoveLast();
    } else {
      reply.mutable_dead_letters()->RemoveLast();
    }
  }
}

}  // namespace

// 16.3. A list that would make the header too long ends before that; how long before is not said
// (CMB-INS-010).
void Machine::List(const Query& query, CognitiveMessage& answer) {
  QueryReply& reply = *answer.mutable_reply();
  const bool letters = query.kind() == ack::v1::QUERY_KIND_DEAD_LETTERS;
  const std::uint32_t limit = query.limit() == 0 ? kUsualList : query.limit();
  const Key after{query.after_source(), query.after_message_id()};
  const auto belongs = [&](const Record& record) {
    return after < record.key && (letters ? record.dead_letter : IsInFlight(record));
  };
  std::uint32_t listed = 0;
  for (const Record* record : memory_.Held(belongs)) {
    reply.set_more(true);  // As long as this one is not listed.
    if (listed == limit) {
      return;
    }
    ++listed;
    if (letters) {
      *reply.add_dead_letters() = LetterText(*record);
    } else {
      *reply.add_in_flight() = TextOf(*record);
      reply.mutable_in_flight()->rbegin()->clear_ack_history();
    }
    if (answer.ByteSizeLong() > kMostBytes) {
      DropLast(reply, 1);
      DropLast(reply, world_.Choose("CMB-INS-010", std::min(EntriesOf(reply), kEndsEarly)));
      return;
    }
    reply.set_more(false);
  }
}

ack::v1::Health Machine::HealthNow() {
  ack::v1::Health health;
  health.set_uptime_ms(world_.now_ms - counters_.began_ms);
  health.set_profile(world_.history.profile());
  health.set_expired_dead_letters(counters_.expired_dead_letters);
  std::map<std::string, std::uint32_t> queues;
  for (const Record* record : memory_.Held([](const Record&) { return true; })) {
    health.set_records(health.records() + 1);
    health.set_in_flight(health.in_flight() + (IsInFlight(*record) ? 1 : 0));
    health.set_dead_letters(health.dead_letters() + (record->dead_letter ? 1 : 0));
    if (record->state == ack::v1::STATE_FORWARDING) {
      ++queues[record->target];
    }
  }
  for (const auto& [target, messages] : queues) {
    ack::v1::QueueDepth& queue = *health.add_queues();
    queue.set_target(target);
    queue.set_messages(messages);
  }
  for (const auto& [kind, count] : counters_.anomalies) {
    ack::v1::AnomalyCount& anomaly = *health.add_anomalies();
    anomaly.set_kind(kind);
    anomaly.set_count(count);
    if (kind == ack::v1::ANOMALY_KIND_UNDELIVERABLE) {
      health.set_undeliverable(count);
    }
  }
  return health;
}

}  // namespace cmb::conformance::oracle::tables::router
