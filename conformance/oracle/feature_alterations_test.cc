// Rows of the table of alterations.h: batches, fallback, the circuit breaker, order.
#include <algorithm>

#include "conformance/oracle/alterations.h"
#include "conformance/oracle/altering.h"

namespace cmb::conformance::oracle {
namespace {

using namespace ack::v1;  // NOLINT: the words of the protocol, this file is full of them.

constexpr Direction kIn = Direction::kToIut;
constexpr Direction kOut = Direction::kFromIut;

// Every MESSAGE of the transcript, on both links.
template <typename Change>
void ForEachMessage(Transcript& t, Change change) {
  for (Entry& entry : t.entries) {
    auto* frame = std::get_if<DataFrame>(&entry.what);
    if (frame != nullptr && frame->header && frame->header->msg_type() == MSG_TYPE_MESSAGE) {
      change(*frame->header);
    }
  }
  Tidy(t);
}

void Undeclare(Transcript& t, Feature feature) { std::erase(t.header.features, feature); }

// The batch in frame number `nth` that brings ACKs.
AckBatch& BatchOut(Transcript& t, std::size_t nth) {
  return *Header(At(t, FrameOf(kOut, MSG_TYPE_ACK), nth)).mutable_ack_batch();
}

std::vector<Alteration> ChannelAlterations() {
  return {
      {"tables", "CMB-FBK-001", "sender-fallback", "the retry goes where the first attempt went",
       [](Transcript& t) {
         Entry& entry = At(t, MessageFrame(kOut, 2));
         Header(entry).set_channel("main");
         std::get<DataFrame>(entry.what).socket = "main";
         Tidy(t);
       }},
      {"tables", "CMB-WIRE-010", "sender-fallback", "fallback is not declared",
       [](Transcript& t) { Undeclare(t, FEATURE_FALLBACK); }},
      {"tables", "CMB-FBK-002", "sender-fallback-exhausted", "the alert names the first channel",
       [](Transcript& t) {
         EventIn(At(t, EventOf(Event::kAlert))).mutable_alert()->set_channel("main");
       }},
      {"tables", "CMB-CBR-010", "sender-circuit", "it is sent all the same",
       [](Transcript& t) {
         Entry message = At(t, MessageFrame(kOut));
         const Entry& refusal = At(t, EventOf(Event::kAlert), 5);
         Header(message).set_message_id(
             std::get<IutEvent>(refusal.what).event.alert().message_id());
         message.at_ms = refusal.at_ms;
         AddTo(t, message, refusal.exchange);
         Tidy(t);
       }},
      {"tables", "CMB-CBR-001", "sender-circuit", "it opens a failure too early",
       [](Transcript& t) { t.header.settings.mutable_circuit()->set_failures(6); }},
      {"tables", "CMB-SND-001", "sender-circuit", "no circuit is declared",
       [](Transcript& t) { Undeclare(t, FEATURE_CIRCUIT_BREAKER); }},
  };
}

auto TooLong(Match match) {
  return [match = std::move(match)](Transcript& t) {
    std::get<DataFrame>(At(t, match).what).frames[0].size = 65537;
  };
}

std::vector<Alteration> BatchAlterations() {
  return {
      {"batches-only-to-those-who-take-them", "CMB-BAT-001", "router-batched",
       "nobody asked for it",
       [](Transcript& t) {
         ForEachMessage(t, [](CognitiveMessage& header) { header.clear_features(); });
       }},
      {"batches-only-to-those-who-take-them", "CMB-BAT-001", "router-batched",
       "the last message took it back",
       [](Transcript& t) {
         for (const Direction direction : {kIn, kOut}) {
           Header(At(t, MessageFrame(direction), 7)).clear_features();
         }
         Tidy(t);
       }},
      {"headers-are-within-what-all-take", "CMB-BAT-006", "router-batched", "the batch is too long",
       TooLong([](const Entry& entry) {
         const auto* frame = std::get_if<DataFrame>(&entry.what);
         return frame != nullptr && frame->header && frame->direction == Direction::kFromIut &&
                frame->header->has_ack_batch();
       })},
      {"headers-are-within-what-all-take", "CMB-WIRE-023", "target-plain", "a RECEIPT is too long",
       TooLong(AckFrame(Direction::kFromIut, ACK_TYPE_RECEIPT))},
      {"headers-are-within-what-all-take", "CMB-INS-010", "router-inspected", "a REPLY is too long",
       TooLong(FrameOf(Direction::kFromIut, MSG_TYPE_REPLY))},
      {"batches-have-their-size", "CMB-BAT-004", "router-batched", "the limit is lower",
       [](Transcript& t) { t.header.settings.mutable_limits()->set_batch(7); }},
      {"tables", "CMB-BAT-003", "router-batch-passed", "two ACKs change places",
       [](Transcript& t) { BatchOut(t, 6).mutable_acks()->SwapElements(0, 1), Tidy(t); }},
      {"tables", "CMB-BAT-003", "router-batch-passed", "an ACK within is not passed on",
       [](Transcript& t) { BatchOut(t, 6).mutable_acks()->DeleteSubrange(1, 1), Tidy(t); }},
      {"tables", "CMB-TGT-001", "target-batched", "a batch of answers is not sent",
       [](Transcript& t) { Drop(t, FrameOf(kOut, MSG_TYPE_ACK), 4); }},
      {"tables", "CMB-WIRE-009", "router-batched", "a batch has a payload",
       [](Transcript& t) {
         for (Entry& entry : t.entries) {
           auto* frame = std::get_if<DataFrame>(&entry.what);
           if (frame != nullptr && frame->header && frame->header->has_ack_batch()) {
             frame->frames[1] = MakeFrameBytes("diagnostics");
           }
         }
       }},
  };
}

std::vector<Alteration> OrderAlterations() {
  return {
      {"tables", "CMB-RTR-002", "router-batched", "the first of a stream leaves after the second",
       [](Transcript& t) {
         ForEachMessage(t, [](CognitiveMessage& header) { header.set_stream_id("talk"); });
         const std::uint64_t second = At(t, MessageFrame(kOut), 1).exchange;
         MoveTo(t, Find(t, MessageFrame(kOut)), second);
       }},
      {"tables", "CMB-ORD-002", "target-streams", "a work of the stream starts while another runs",
       [](Transcript& t) {
         Header(At(t, MessageFrame(kIn), 2)).set_stream_id("talk");
         Tidy(t);
       }},
      {"tables", "CMB-ORD-003", "target-numbered",
       "a work starts although lower numbers have not come",
       [](Transcript& t) {
         Header(At(t, MessageFrame(kIn), 2)).set_sequence(9);
         Tidy(t);
       }},
  };
}

// Where frames alone were seen, the rules have no tables beside them.
std::vector<Alteration> FrameAlterations() {
  return {
      {"frames-go-to-whom-they-name", "CMB-WIRE-020", "router-plain", "the target hears it",
       [](Transcript& t) {
         t.header.frames_only = true;
         std::get<DataFrame>(At(t, AckFrame(kOut, ACK_TYPE_ROUTER_ACK)).what).peer = "target";
       }},
  };
}

}  // namespace

std::vector<Alteration> FeatureAlterations() {
  std::vector<Alteration> all = ChannelAlterations();
  for (auto part : {BatchAlterations, OrderAlterations, FrameAlterations}) {
    for (Alteration& alteration : part()) {
      all.push_back(std::move(alteration));
    }
  }
  return all;
}

}  // namespace cmb::conformance::oracle
