// What RouterShell does with a QUERY. Spec: chapters "Inspection" and "Dead
// letters".
#include <algorithm>
#include <utility>

#include "reference/router/query_answers.h"
#include "reference/router/router_shell.h"
#include "reference/shell/from_wire.h"
#include "reference/shell/ping.h"
#include "reference/shell/to_wire.h"

namespace cmb::reference {

using ack::v1::QueryReply;
using lifecycle::ErrorCode;
using lifecycle::kRouterId;
using lifecycle::Role;

// Whether the QUERY is this router's to answer; every other one is judged as a
// message is, and refused by name.
bool RouterShell::IsAnswered(const Arrived& arrived) const {
  constexpr std::size_t kLongestId = 255;
  const auto& header = arrived.parcel->header;
  return settings_.core.profile != lifecycle::Profile::kBasic &&
         header.msg_type() == ack::v1::MSG_TYPE_QUERY && IsOfThisVersion(header) &&
         IsFor(header, kRouterId.str()) && header.message_id().size() <= kLongestId &&
         header.message_id().front() != '\0' && !lifecycle::IsReserved(header.message_id());
}

void RouterShell::OnQuery(const Arrived& arrived) {
  const auto& query = arrived.parcel->header.query();
  const std::string& asker = arrived.peer;
  if (auto refusal = RefusalOf(query, settings_.core.profile)) {
    return Reply(arrived, *std::move(refusal));
  }
  switch (query.kind()) {
    case ack::v1::QUERY_KIND_TRANSACTION:
      return Reply(arrived, TransactionReply(core_, query, asker));
    case ack::v1::QUERY_KIND_IN_FLIGHT:
      return Reply(arrived, InFlightReply(core_, query));
    case ack::v1::QUERY_KIND_HEALTH:
      return Reply(arrived, HealthReply(core_, Health(), Now()));
    case ack::v1::QUERY_KIND_DEAD_LETTERS:
      return Reply(arrived, DeadLettersReply(core_, query, Now()));
    case ack::v1::QUERY_KIND_REDRIVE:
      return Redrive(arrived);
    case ack::v1::QUERY_KIND_PURGE:
      return Reply(arrived, Purge(query, asker));
    default:  // An open enum: RefusalOf has refused the rest.
      return;
  }
}

ShellHealth RouterShell::Health() const {
  return {started_, anomalies_, transport_.refused_connections(), settings_.core.profile};
}

// The core ends it with RedriveEnded, in this very call.
void RouterShell::Redrive(const Arrived& arrived) {
  lifecycle::RedriveRequest request;
  request.asker = lifecycle::ModuleId(arrived.peer);
  request.key = KeyOf(arrived.parcel->header.query(), arrived.peer);
  request.new_id = NextRedriveId(request.key.source);
  request.accept_second_execution = arrived.parcel->header.query().accept_second_execution();
  if (const auto letter = core_.DeadLetter(request.key)) {
    const auto parcel = RedriveParcel(*letter, request.new_id);
    request.fits =
        parcel->HeaderBytes().size() <= std::min(settings_.header_bytes, kDefaultHeaderBytes);
    request.parcel = parcel;
  }
  redriving_ = &arrived;
  records_.Touch(Role::kRouter, request.key);
  records_.Touch(Role::kRouter, {request.key.source, request.new_id});
  Run(core_.Redrive(request, Now()));
  redriving_ = nullptr;
}

// An id that this router did not make before, in this run or in an earlier one.
lifecycle::MessageId RouterShell::NextRedriveId(const lifecycle::ModuleId& source) {
  while (core_.Find({source, lifecycle::MessageId(redrive_ids_.Next())})) {
    redrive_ids_.Take();
  }
  return lifecycle::MessageId(redrive_ids_.Next());
}

void RouterShell::Do(const lifecycle::RedriveEnded& effect) {
  if (effect.code != ErrorCode::kUnspecified) {
    return Reply(*redriving_, RefusedReply(effect.code, effect.note));
  }
  redrive_ids_.Take();
  records_.SetMeta(kRedriveCounter, std::to_string(redrive_ids_.last()));
  QueryReply reply;
  reply.set_status(ack::v1::STATUS_SUCCESS);
  reply.set_redriven_id(effect.new_id.str());
  Reply(*redriving_, std::move(reply));
}

// CMB-DLQ-006.
QueryReply RouterShell::Purge(const ack::v1::Query& query, const std::string& asker) {
  const auto result = core_.Purge({lifecycle::ModuleId(asker), lifecycle::ModuleId(query.source()),
                                   lifecycle::MessageId(query.message_id())},
                                  Now());
  if (!result.permitted) {
    return RefusedReply(ErrorCode::kPermissionDenied,
                        "only its source or an operator may purge it");
  }
  for (const auto& purged : result.purged) {
    records_.Touch(Role::kRouter, purged);
  }
  QueryReply reply;
  reply.set_status(ack::v1::STATUS_SUCCESS);
  reply.set_purged_count(static_cast<std::uint32_t>(result.purged.size()));
  return reply;
}

// CMB-INS-003: waits for the commit as every answer does.
void RouterShell::Reply(const Arrived& query, QueryReply reply) {
  HeldReply held;
  held.socket = query.socket;
  held.header.set_schema_version(kSchemaVersion);
  held.header.set_msg_type(ack::v1::MSG_TYPE_REPLY);
  held.header.set_correlation_id(query.parcel->header.message_id());
  held.header.set_source(kRouterId.str());
  held.header.add_targets(query.peer);
  *held.header.mutable_reply() = std::move(reply);
  held_.push_back(std::move(held));
}

}  // namespace cmb::reference
