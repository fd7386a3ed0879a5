#include "conformance/engine/frame_factory.h"

#include <algorithm>
#include <utility>

#include "conformance/engine/field_path.h"
#include "proto/wire/frame_codec.h"
#include "proto/wire/mutilate.h"

namespace cmb::conformance::engine {
namespace {

using ack::v1::CognitiveMessage;

constexpr std::size_t kDefaultPayloadBytes = 16;
constexpr std::uint32_t kSchemaVersion = 1;

std::uint64_t Count(scenario::Milliseconds duration) {
  return static_cast<std::uint64_t>(duration.count());
}

// Code of a bad ACK whose term names none: the schema requires one.
ack::v1::ErrorCode DefaultCode(const ack::v1::Ack& ack) {
  if (ack.ack_type() == ack::v1::ACK_TYPE_TIMEOUT) {
    return ack::v1::ERROR_CODE_ACK_TIMEOUT;
  }
  if (ack.status() == ack::v1::STATUS_FAILURE) {
    return ack::v1::ERROR_CODE_INTERNAL_ERROR;
  }
  if (ack.status() == ack::v1::STATUS_REJECTED) {
    return ack.ack_type() == ack::v1::ACK_TYPE_EXECUTION_ACK ? ack::v1::ERROR_CODE_PERMISSION_DENIED
                                                             : ack::v1::ERROR_CODE_BUFFER_FULL;
  }
  return ack::v1::ERROR_CODE_UNSPECIFIED;
}

// Whom an ACK of `author` about a message is addressed to.
std::string AddresseeOf(const ack::v1::Ack& ack, const std::string& author,
                        const std::string& source, const std::string& target) {
  switch (ack.ack_type()) {
    case ack::v1::ACK_TYPE_CANCEL:
      return target;
    case ack::v1::ACK_TYPE_TIMEOUT:
      return author == kRouterId ? source : kRouterId;
    case ack::v1::ACK_TYPE_RECEIPT:  // It stays at the router all the same.
    case ack::v1::ACK_TYPE_ROUTER_ACK:
    case ack::v1::ACK_TYPE_DELIVERY_ACK:
    case ack::v1::ACK_TYPE_EXECUTION_ACK:
    case ack::v1::ACK_TYPE_PROGRESS_ACK:
    case ack::v1::ACK_TYPE_UNSPECIFIED:
    default:  // An open enum.
      break;
  }
  return source;
}

}  // namespace

FrameFactory::FrameFactory(const scenario::Case& scenario, MessageBook& book, std::string id_prefix)
    : scenario_(scenario),
      book_(book),
      id_prefix_(std::move(id_prefix)),
      layout_(scenario.config.channels) {}

std::string FrameFactory::Payload(const scenario::Payload& payload,
                                  const std::string& alias) const {
  const auto repeated = [](const std::string& pattern, std::size_t size) {
    std::string bytes;
    bytes.reserve(size + pattern.size());
    while (bytes.size() < size) {
      bytes += pattern;
    }
    bytes.resize(size);
    return bytes;
  };
  switch (payload.kind) {
    case scenario::Payload::Kind::kDefault:
      return alias.empty() ? std::string() : repeated(alias, kDefaultPayloadBytes);
    case scenario::Payload::Kind::kText:
      return book_.Expand(payload.text);
    case scenario::Payload::Kind::kSize:
      return repeated("0123456789abcdef", payload.size);
    case scenario::Payload::Kind::kBytes:
      return payload.text;
  }
  return "";
}

Known& FrameFactory::Declare(const scenario::Message& message) {
  Known& known = book_.Entry(message.alias);
  if (known.fields != nullptr) {
    return known;
  }
  known.fields = &message;
  known.target = RoutingId(message.to);
  known.payload = Payload(message.payload, message.alias);
  known.key = Key(message.key);
  book_.Name(known, id_prefix_ + message.alias, RoutingId(message.from));
  return known;
}

std::string FrameFactory::Key(const std::string& name) const {
  if (name.empty() || name.find('$') != std::string::npos) {
    return book_.Expand(name);  // The id or the key of another message.
  }
  return id_prefix_ + "key-" + name;
}

void FrameFactory::Apply(const std::vector<scenario::SetField>& changes, CognitiveMessage& header) {
  for (const scenario::SetField& change : changes) {
    std::vector<std::string> values;
    for (const std::string& text : change.values) {
      values.push_back(book_.Expand(text));
    }
    const auto sentence = WriteField(header, change, values);
    if (sentence && trouble_.empty()) {
      trouble_ = ToString(change.where) + ": " + *sentence;
    }
  }
}

namespace {

// The suite's modules speak to a router under test, rather than through a router of the suite.
bool MeetsRouter(const scenario::Case& scenario) {
  return scenario.role == ack::v1::ROLE_ROUTER || scenario.is_system;
}

}  // namespace

SocketNumber FrameFactory::SocketFor(const std::string& on, SocketNumber rightful) const {
  return on.empty() ? rightful : layout_.Find(on).value_or(rightful);
}

SocketNumber FrameFactory::AckSocket() const {
  return MeetsRouter(scenario_) ? layout_.ingress() : layout_.egress();
}

void FrameFactory::SayFeatures(const std::string& author, CognitiveMessage& header) const {
  const auto peer = scenario_.peers.find(ModuleOf(author));
  if (peer != scenario_.peers.end() && peer->second.accepts_ack_batch) {
    header.add_features(ack::v1::FEATURE_BATCH_ACK);
  }
}

Draft FrameFactory::Message(const scenario::Message& message, std::uint64_t now_ms) {
  Known& known = Declare(message);
  Draft draft;
  draft.author = known.source;
  draft.socket = SocketFor(message.on, 0);
  draft.payload = known.payload;
  draft.harm = message.corrupt;
  CognitiveMessage& header = draft.header;
  header.set_schema_version(kSchemaVersion);
  header.set_msg_type(ack::v1::MSG_TYPE_MESSAGE);
  header.set_message_id(known.message_id);
  header.set_source(known.source);
  header.add_targets(known.target);
  header.set_channel(layout_.IsChannel(draft.socket) ? layout_.Name(draft.socket)
                                                     : layout_.Name(0));
  header.set_stream_id(message.stream);
  header.set_sequence(message.sequence);
  header.set_idempotency_key(known.key);
  header.set_attempt(1);
  header.set_ttl_ms(Count(message.policy.ttl));
  if (auto policy = Policy(message)) {
    *header.mutable_policy() = *std::move(policy);
  }
  SayFeatures(message.from, header);
  Apply(message.set, header);
  // What the scenario took away still has the name that it would have had.
  book_.Name(known, header.message_id().empty() ? known.message_id : header.message_id(),
             header.source().empty() ? known.source : header.source());
  known.sent = header;
  known.sent_bytes = wire::Encode(header, draft.payload);
  known.first_sent_ms = now_ms;
  known.last_attempt_sent = header.attempt();
  return draft;
}

Draft FrameFactory::Resend(const scenario::Resend& act, Known& known, std::uint64_t now_ms) {
  if (!known.sent) {  // UNSENT: the copies before this one never arrived.
    Message(*known.fields, now_ms);
  }
  Draft draft;
  draft.author = RoutingId(known.fields->from);
  draft.socket = SocketFor(act.on, SocketFor(known.fields->on, 0));
  draft.payload = known.payload;
  draft.harm = act.corrupt;
  draft.header = known.sent.value_or(CognitiveMessage());
  const std::uint64_t passed = now_ms - known.first_sent_ms;
  draft.header.set_ttl_ms(draft.header.ttl_ms() - std::min(draft.header.ttl_ms(), passed));
  draft.header.set_attempt(act.attempt.value_or(known.last_attempt_sent + 1));
  Apply(act.set, draft.header);
  known.last_attempt_sent = std::max(known.last_attempt_sent, draft.header.attempt());
  return draft;
}

std::uint32_t FrameFactory::LatestSeen(const Known& known, const std::string& author) const {
  // A message's own sender speaks of what it sent, everybody else of what
  // reached them; before anything did, of what was sent.
  const bool own = scenario_.role != ack::v1::ROLE_SENDER && author == known.source;
  const std::uint32_t seen = own || known.last_attempt_received == 0 ? known.last_attempt_sent
                                                                     : known.last_attempt_received;
  return std::max(seen, 1U);  // UNSENT: there is no attempt yet, and 0 is malformed.
}

Draft FrameFactory::Ack(const scenario::AckAct& act, Known& known) {
  const std::string rightful = scenario::RightfulAuthor(scenario_.role, act.term, *known.fields);
  const std::string rightful_id = RoutingId(rightful);
  ack::v1::Ack ack;
  ack.set_ack_type(act.term.ack_type);
  ack.set_status(act.term.status.value_or(ack::v1::STATUS_UNSPECIFIED));
  ack.set_correlation_id(known.message_id);
  ack.set_attempt(act.attempt.value_or(LatestSeen(known, rightful_id)));
  ack.set_error_code(act.term.code.value_or(DefaultCode(ack)));
  if (ack.status() == ack::v1::STATUS_IN_PROGRESS) {
    ack.set_progress_number(++known.last_progress);
  }
  if (act.percent) {
    ack.set_percent(*act.percent);
  }
  if (act.hold) {
    ack.set_hold_ms(Count(*act.hold));
  }
  const std::string author = act.by.empty() ? rightful_id : RoutingId(act.by);
  Draft draft = Say(author, known.source, known.target, std::move(ack));
  draft.socket = SocketFor(act.on, draft.socket);
  draft.payload = Payload(act.payload, "");
  draft.harm = act.corrupt;
  Apply(act.set, draft.header);
  return draft;
}

Draft FrameFactory::Say(const std::string& author, const std::string& source,
                        const std::string& target, ack::v1::Ack ack) const {
  Draft draft;
  draft.author = author;
  draft.socket = AckSocket();
  draft.header.set_schema_version(kSchemaVersion);
  draft.header.set_msg_type(ack::v1::MSG_TYPE_ACK);
  draft.header.set_source(author);
  draft.header.add_targets(AddresseeOf(ack, author, source, target));
  SayFeatures(author, draft.header);
  *draft.header.mutable_ack() = std::move(ack);
  return draft;
}

Draft FrameFactory::Ping(const scenario::Ping& act) {
  Draft draft;
  draft.author = RoutingId(act.by);
  draft.socket = SocketFor(act.on, 0);
  draft.header.set_schema_version(kSchemaVersion);
  draft.header.set_msg_type(ack::v1::MSG_TYPE_PING);
  draft.header.set_message_id("@" + id_prefix_ + "ping-" + std::to_string(++pings_));
  draft.header.set_source(draft.author);
  draft.header.add_targets(RoutingId(act.to));
  SayFeatures(draft.author, draft.header);
  if (!act.as.empty()) {
    Known& known = book_.Entry(act.as);
    known.target = RoutingId(act.to);
    book_.Name(known, draft.header.message_id(), draft.author);
  }
  draft.payload = Payload(act.payload, "");
  Apply(act.set, draft.header);
  return draft;
}

WireMessage FrameFactory::Encode(const Draft& draft) const {
  WireMessage message;
  message.socket = draft.socket;
  message.peer = MeetsRouter(scenario_) ? draft.author : kRouterId;
  message.frames = Harmed(wire::Encode(draft.header, draft.payload), draft.harm);
  return message;
}

Frames Harmed(Frames frames, const scenario::Harm& harm) {
  switch (harm.kind) {
    case scenario::Harm::Kind::kNone:
      break;
    case scenario::Harm::Kind::kNamed:
      if (const auto named = wire::ParseHarm(harm.name)) {
        return wire::Mutilate(frames, *named);
      }
      break;
    case scenario::Harm::Kind::kTruncate:
      return wire::TruncateHeader(frames, harm.at);
    case scenario::Harm::Kind::kFlipBit:
      return wire::FlipHeaderBit(frames, harm.at);
  }
  return frames;
}

}  // namespace cmb::conformance::engine
