// How Harness carries out each request; the life around them is in harness.cc.
#include <fmt/format.h>

#include "reference/extras/sqlite/database.h"
#include "reference/harness/case_settings.h"
#include "reference/harness/harness.h"

namespace cmb::reference {
namespace {

Refusal Unsupported(std::string sentence) {
  return {control::v1::ERROR_KIND_UNSUPPORTED, std::move(sentence)};
}

// The feature that a binding needs; absent: data sockets, which everybody has.
std::optional<ack::v1::Feature> FeatureOf(control::v1::Binding binding) {
  if (binding == control::v1::BINDING_UNSPECIFIED) {
    return std::nullopt;
  }
  return binding == control::v1::BINDING_INLINE_HEADERS ? ack::v1::FEATURE_INLINE_HEADERS
                                                        : ack::v1::FEATURE_INLINE_FRAMES;
}

}  // namespace

std::optional<Refusal> Harness::Do(const control::v1::Configure& configure,
                                   control::v1::Reply& reply) {
  if (configure.role() == ack::v1::ROLE_UNSPECIFIED || !ack::v1::Role_IsValid(configure.role())) {
    return Unsupported("role must be SENDER, ROUTER or TARGET");
  }
  if (!configure.store().empty() && !options_.claims.IsDurable()) {
    return Unsupported("profile DURABLE is not claimed");
  }
  if (configure.has_curve() && !options_.claims.Has(ack::v1::FEATURE_CURVE)) {
    return Unsupported("feature curve is not claimed");
  }
  if (configure.other_routers_size() > 0 && !options_.claims.Has(ack::v1::FEATURE_FALLBACK)) {
    return Unsupported("feature fallback is not claimed");
  }
  if (auto feature = FeatureOf(configure.binding()); feature && !options_.claims.Has(*feature)) {
    return Unsupported("the feature of that binding is not claimed");
  }
  if (auto fault = FaultOfConfigure(configure)) {
    return BadRequest(*std::move(fault));
  }
  const bool is_router = configure.role() == ack::v1::ROLE_ROUTER;
  try {
    role_ = std::make_unique<IutRole>(context_, configure, options_.claims, options_.check_replay);
  } catch (const AddressError& error) {
    return Refusal{is_router ? control::v1::ERROR_KIND_BIND : control::v1::ERROR_KIND_CONNECT,
                   error.what()};
  } catch (const SqliteError& error) {
    return BadRequest(error.what());  // CMB-CTL-005: its store.
  }
  if (is_router && role_->sockets() != nullptr) {
    const auto addresses = role_->sockets()->BoundAddresses();
    auto& configured = *reply.mutable_configured();
    for (int i = 0; i < configure.channels_size(); ++i) {
      auto& channel = *configured.add_channels();
      channel.set_name(configure.channels(i).name());
      channel.set_address(addresses.at(static_cast<std::size_t>(i)));
    }
    configured.set_ack_ingress(addresses.at(addresses.size() - 2));
    configured.set_ack_egress(addresses.back());
  }
  return std::nullopt;
}

std::optional<Refusal> Harness::Do(const control::v1::Send& send, control::v1::Reply& reply) {
  if (role_->role() != ack::v1::ROLE_SENDER) {
    return Unsupported("only a sender sends");
  }
  OutgoingMessage message;
  message.payload = send.payload();
  message.ttl = lifecycle::SaturatedMs(send.ttl_ms());
  message.idempotency_key = send.idempotency_key();
  message.stream_id = send.stream_id();
  message.sequence = send.sequence();
  if (send.has_reconcile_window_ms()) {
    message.reconcile_window = GivenMs(send.reconcile_window_ms());
  }
  auto result = role_->endpoint()->Send(send.channel(), send.target(), message, send.policy());
  if (const auto* refused = std::get_if<lifecycle::SendRefusal>(&result)) {
    return BadRequest(fmt::format("{}: {}", lifecycle::Word(refused->code), refused->sentence));
  }
  reply.mutable_sent_message()->set_message_id(std::get<lifecycle::MessageId>(result).str());
  return std::nullopt;
}

std::optional<Refusal> Harness::Do(const control::v1::Cancel& cancel) {
  if (role_->role() != ack::v1::ROLE_SENDER) {
    return Unsupported("only a sender cancels");
  }
  if (options_.claims.profile == ack::v1::PROFILE_BASIC) {
    return Unsupported("profile BASIC cancels nothing");
  }
  if (!role_->shell().Find(role_->endpoint()->module_id(), cancel.message_id())) {
    return BadRequest(fmt::format("no message \"{}\" was sent", cancel.message_id()));
  }
  role_->endpoint()->Cancel(lifecycle::MessageId(cancel.message_id()));
  return std::nullopt;
}

std::optional<Refusal> Harness::Do(const control::v1::ScriptExecution& script) {
  if (role_->role() != ack::v1::ROLE_TARGET) {
    return Unsupported("only a target executes");
  }
  if (script.end() == control::v1::SCRIPT_END_UNSPECIFIED ||
      !control::v1::ScriptEnd_IsValid(script.end())) {
    return BadRequest("the script does not say how it ends");
  }
  role_->scripts().Add(script);
  return std::nullopt;
}

// CMB-CTL-009, CMB-CTL-029, CMB-CTL-031.
std::optional<Refusal> Harness::Do(const control::v1::Reset& reset) {
  if (auto refusal = gate_.Discard(*role_, reset.after_received())) {
    return refusal;
  }
  // Before the answer: whoever has that may kill this process at once.
  role_->ForgetStored();
  next_case_ = reset.settings();
  return CheckReplay();
}

std::optional<Refusal> Harness::CheckReplay() const {
  if (role_ && begun_) {
    if (auto fault = role_->ReplayFault()) {
      return Refusal{control::v1::ERROR_KIND_INTERNAL, "replay: " + *fault};
    }
  }
  return std::nullopt;
}

void Harness::Do(const control::v1::GetTransaction& query, control::v1::Reply& reply) {
  auto& transaction = *reply.mutable_transaction();
  if (auto record = role_->shell().Find(query.source(), query.message_id())) {
    *transaction.mutable_record() = *std::move(record);
  }
}

std::optional<Refusal> Harness::Do(const control::v1::Connection& connection) {
  if (auto refusal = CheckIsTold()) {
    return refusal;
  }
  role_->inline_frames()->Change(connection);
  return std::nullopt;
}

std::optional<Refusal> Harness::Do(const control::v1::Queue& queue) {
  if (auto refusal = CheckIsTold()) {
    return refusal;
  }
  role_->inline_frames()->Change(queue);
  return std::nullopt;
}

std::optional<Refusal> Harness::CheckIsTold() const {
  const bool is_told = role_->inline_frames() != nullptr && role_->role() == ack::v1::ROLE_ROUTER;
  return is_told ? std::nullopt
                 : std::optional(BadRequest("only a router without data sockets is told this"));
}

void Harness::Do(const control::v1::Timers&, control::v1::Reply& reply) {
  auto& list = *reply.mutable_timers();
  for (const auto& timer : role_->Timers()) {
    auto& entry = *list.add_timers();
    entry.set_message_id(timer.key.id.str());
    entry.set_source(timer.key.source.str());
    entry.set_kind(static_cast<ack::v1::TimerKind>(timer.kind));
    entry.set_deadline_ms(static_cast<std::uint64_t>(lifecycle::MsOf(timer.deadline)));
  }
}

}  // namespace cmb::reference
