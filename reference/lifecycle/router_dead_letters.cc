// What may be done with a message that was given up: send it as a new one, or
// drop it for good. Spec: chapter dead letters.
#include <algorithm>
#include <iterator>
#include <utility>

#include "reference/lifecycle/check.h"
#include "reference/lifecycle/router_step.h"

namespace cmb::lifecycle {

// CMB-DLQ-008.
bool Router::MayDispose(const ModuleId& asker, const ModuleId& source) const {
  return asker == source || config_.operators.contains(asker);
}

// CMB-DLQ-010. A store may hold a letter that does not say when it was forwarded: it never was.
bool Router::ComesInTime(const RouterRecord& letter, Instant now) const {
  return !letter.forwarded || now + PhaseLength(letter.policy) + config_.max_latency <=
                                  *letter.forwarded + config_.key_window;
}

// CMB-DLQ-004, CMB-DLQ-005, CMB-DLQ-007, CMB-DLQ-013.
Effects Router::Redrive(const RedriveRequest& request, Instant now) {
  Effects effects;
  const auto refuse = [&](ErrorCode code, const char* note) {
    effects.push_back(RedriveEnded{request.key, request.new_id, code, note});
    return effects;
  };
  if (!MayDispose(request.asker, request.key.source)) {
    return refuse(ErrorCode::kPermissionDenied, "only its source or an operator may redrive it");
  }
  if (!IsLetter(request.key)) {
    return refuse(ErrorCode::kValidationError, "there is no such dead letter");
  }
  const RouterRecord& letter = records_.at(request.key);
  if (!request.fits) {
    return refuse(ErrorCode::kValidationError, "its header would be longer than its target takes");
  }
  if (!request.accept_second_execution && !ComesInTime(letter, now)) {
    return refuse(ErrorCode::kDuplicateDetected, "its target may have forgotten that it had it");
  }
  if (!rooms_.InQueue(letter.target, request.key.source)) {
    return refuse(ErrorCode::kBufferFull, "the target's queue has no room for this source");
  }
  const MessageKey fresh{request.key.source, request.new_id};
  if (records_.contains(fresh) || marks_.Contains(fresh)) {
    return refuse(ErrorCode::kInternalError, "the new message_id was used before");
  }
  if (!rooms_.ForRecord(request.key.source)) {  // CMB-RTR-006.
    return refuse(ErrorCode::kBufferFull, "the router's table has no room for this source");
  }
  RouterStep{*this, Make(fresh), now, effects}.TryToRedrive(letter, request.parcel);
  return effects;
}

// CMB-DLQ-006. Who may is judged by the request alone.
PurgeResult Router::Purge(const PurgeRequest& request, Instant now) {
  PurgeResult result;
  const ModuleId& named =
      request.source.empty() && !request.id.empty() ? request.asker : request.source;
  if (!named.empty() && !MayDispose(request.asker, named)) {
    result.permitted = false;
    return result;
  }
  std::copy_if(letters_.begin(), letters_.end(), std::back_inserter(result.purged),
               [&](const MessageKey& key) {
                 return (named.empty() || key.source == named) &&
                        (request.id.empty() || key.id == request.id) &&
                        MayDispose(request.asker, key.source);
               });
  Effects none;
  for (const MessageKey& key : result.purged) {
    RouterStep{*this, records_.at(key), now, none}.DropLetter();
  }
  return result;
}

// CMB-DLQ-011.
void Router::Expire(const MessageKey& key, Instant now) {
  RouterRecord& record = records_.at(key);
  if (!KeepsLetter(record)) {
    Erase(key);
    return;
  }
  Effects none;
  RouterStep{*this, record, now, none}.DropLetter();
  ++counts_.expired_letters;
}

void RouterStep::TryToRedrive(const RouterRecord& letter, const ParcelRef& parcel) {
  record.redrive_of = letter.key.id;
  record.forwarded = letter.forwarded;
  record.target = letter.target;
  record.channel = letter.channel;
  record.idempotency_key = letter.idempotency_key;
  record.policy = letter.policy;
  record.parcel = parcel;
  record.ttl = std::min(letter.ttl, core.config_.max_ttl);
  record.payload_bytes = letter.payload_bytes;
  TryToForward(1);
}

void RouterStep::EndRedrive(ErrorCode code, const std::string& note) {
  const MessageKey letter{record.key.source, record.redrive_of};
  effects.push_back(RedriveEnded{letter, record.key.id, code, note});
  if (code == ErrorCode::kUnspecified) {
    RouterStep{core, core.records_.at(letter), now, effects}.DropLetter();
  }  // Else it never was, and is forgotten when the call ends.
}

void RouterStep::DropLetter() {
  Check(record.dead_letter, "only a dead letter is dropped");
  core.CountOut(record);
  record.dead_letter = false;
  core.CountIn(record);
  record.parcel.reset();
  Remember(now + 2 * core.config_.max_latency);
  ArmExpiry();
}

}  // namespace cmb::lifecycle
