// What no frame may be, whatever was asked for: said by who may not say it, malformed, too long, or
// a batch for somebody who takes none.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "conformance/oracle/rule.h"
#include "conformance/oracle/tables/malformed.h"
#include "proto/wire/profiles.h"
#include "proto/wire/words.h"

namespace cmb::conformance::oracle {
namespace {

using ack::v1::Ack;
using ack::v1::AckType;

// ---------------------------------------------------------------- authority

// Types that an IUT of this role may write itself.
bool MayAuthor(ack::v1::Role role, AckType type) {
  switch (role) {
    case ack::v1::ROLE_SENDER:
      return type == ack::v1::ACK_TYPE_CANCEL || type == ack::v1::ACK_TYPE_TIMEOUT;
    case ack::v1::ROLE_ROUTER:
      return type == ack::v1::ACK_TYPE_ROUTER_ACK || type == ack::v1::ACK_TYPE_DELIVERY_ACK ||
             type == ack::v1::ACK_TYPE_TIMEOUT;
    default:  // open enum
      return type == ack::v1::ACK_TYPE_RECEIPT || type == ack::v1::ACK_TYPE_EXECUTION_ACK ||
             type == ack::v1::ACK_TYPE_PROGRESS_ACK;
  }
}

// Types that a router passes on for others; those of the future are passed on too.
bool MayPassOn(AckType type) {
  return type != ack::v1::ACK_TYPE_RECEIPT && type != ack::v1::ACK_TYPE_ROUTER_ACK &&
         type != ack::v1::ACK_TYPE_DELIVERY_ACK && type != ack::v1::ACK_TYPE_TIMEOUT;
}

std::string_view AuthorRequirement(ack::v1::Role role, AckType type) {
  if (role != ack::v1::ROLE_ROUTER) {
    return "CMB-WIRE-009";
  }
  if (type == ack::v1::ACK_TYPE_RECEIPT) {
    return "CMB-RTR-022";
  }
  return type == ack::v1::ACK_TYPE_EXECUTION_ACK || type == ack::v1::ACK_TYPE_PROGRESS_ACK
             ? "CMB-RTR-021"
             : "CMB-WIRE-009";
}

void SaysOnlyWhatItMay(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      const bool own = seen.header->source() == history.module_id();
      const AckType type = seen.ack->ack_type();
      const bool may = own ? MayAuthor(history.role(), type)
                           : history.role() == ack::v1::ROLE_ROUTER && MayPassOn(type);
      if (!may) {
        breaches.push_back({seen.entry,
                            fmt::format("{} of '{}' in the name of {}", Words(*seen.ack), id,
                                        seen.header->source()),
                            AuthorRequirement(history.role(), type)});
      }
    }
  }
}

void BasicStaysBasic(const History& history, Breaches& breaches) {
  if (wire::Holds(history.profile(), ack::v1::PROFILE_TRACKED)) {
    return;
  }
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (seen.ack->status() == ack::v1::STATUS_IN_PROGRESS ||
          seen.ack->error_code() == ack::v1::ERROR_CODE_CANCELLED) {
        breaches.push_back(
            {seen.entry, fmt::format("{} of '{}' by a BASIC target", Words(*seen.ack), id)});
      }
    }
  }
}

void NeverSaysDuplicate(const History& history, Breaches& breaches) {
  for (const auto& [id, message] : history.messages()) {
    for (const AckSeen& seen : message.acks_sent) {
      if (seen.ack->error_code() == ack::v1::ERROR_CODE_DUPLICATE_DETECTED ||
          seen.ack->error_code() == ack::v1::ERROR_CODE_ALREADY_IN_PROGRESS) {
        breaches.push_back({seen.entry, fmt::format("{} of '{}'", Words(*seen.ack), id)});
      }
    }
  }
}

// ---------------------------------------------------------------- form

void SentFramesDecode(const History& history, Breaches& breaches) {
  for (const FrameSeen& seen : history.sent()) {
    if (seen.header == nullptr) {
      breaches.push_back({seen.entry, "it does not decode: " + seen.frame->fault});
    }
  }
}

// CMB-WIRE-022: a PING's id begins with @, and nothing else's.
void IdsTellWhatTheyName(const History& history, Breaches& breaches) {
  for (const FrameSeen& seen : history.sent()) {
    const bool own = seen.header != nullptr && seen.header->source() == history.module_id();
    const bool is_ping = own && seen.header->msg_type() == ack::v1::MSG_TYPE_PING;
    if (own && seen.header->message_id().starts_with('@') != is_ping) {
      breaches.push_back({seen.entry, fmt::format("a {} has the message_id '{}'",
                                                  wire::Word(seen.header->msg_type()),
                                                  seen.header->message_id())});
    }
  }
}

// Whoever receives it need not take more. Of what a router passes on it makes batches alone.
void HeadersAreWithinWhatAllTake(const History& history, Breaches& breaches) {
  constexpr std::size_t kMostBytes = 65536;
  for (const FrameSeen& seen : history.sent()) {
    if (seen.header == nullptr || seen.frame->frames.front().size <= kMostBytes) {
      continue;
    }
    const bool is_batch = seen.header->has_ack_batch();
    if (is_batch || seen.header->source() == history.module_id()) {
      breaches.push_back({seen.entry,
                          fmt::format("a header of {} bytes", seen.frame->frames.front().size),
                          is_batch                   ? "CMB-BAT-006"
                          : seen.header->has_reply() ? "CMB-INS-010"
                                                     : "CMB-WIRE-023"});
    }
  }
}

// Where events are seen the tables say so of each frame.
void FramesGoToWhomTheyName(const History& history, Breaches& breaches) {
  for (const FrameSeen& seen : history.sent()) {
    if (history.transcript().header.frames_only && seen.header != nullptr &&
        seen.header->targets_size() == 1 && seen.header->targets(0) != seen.frame->peer) {
      breaches.push_back(
          {seen.entry, fmt::format("a {} to {} goes to {}", wire::Word(seen.header->msg_type()),
                                   seen.header->targets(0), seen.frame->peer)});
    }
  }
}

// ---------------------------------------------------------------- batches

// What is malformed is nobody's word.
bool SpeaksForItself(const FrameSeen& seen, const History& history) {
  const ack::v1::MsgType type = seen.header->msg_type();
  return (type == ack::v1::MSG_TYPE_MESSAGE || type == ack::v1::MSG_TYPE_PING ||
          type == ack::v1::MSG_TYPE_PONG) &&
         !tables::IsTooLong(seen, history.settings().limits().header_bytes()) &&
         !tables::IsMalformedHeader(*seen.header, seen.frame->payload().size, history.role());
}

bool NamesBatches(const ack::v1::CognitiveMessage& header) {
  return std::find(header.features().begin(), header.features().end(),
                   ack::v1::FEATURE_BATCH_ACK) != header.features().end();
}

// The last word of `peer` in this life of the process, before the batch; a frame of its own
// exchange may have been handled before it.
bool TakesBatches(const History& history, const std::string& peer, const FrameSeen& batch) {
  bool takes = false;
  for (const FrameSeen& seen : history.received()) {
    if (seen.header == nullptr || seen.life != batch.life || seen.header->source() != peer ||
        seen.frame->peer != peer || !SpeaksForItself(seen, history)) {
      continue;
    }
    if (seen.exchange < batch.exchange) {
      takes = NamesBatches(*seen.header);
    } else if (seen.exchange == batch.exchange) {
      takes = takes || NamesBatches(*seen.header);
    }
  }
  return takes;
}

void BatchesOnlyToThoseWhoTakeThem(const History& history, Breaches& breaches) {
  for (const FrameSeen& seen : history.sent()) {
    const bool is_batch = seen.header != nullptr && seen.header->has_ack_batch();
    if (is_batch && !TakesBatches(history, seen.frame->peer, seen)) {
      breaches.push_back(
          {seen.entry, fmt::format("an ack_batch of {} to {}, who did not ask for it",
                                   seen.header->ack_batch().acks_size(), seen.frame->peer)});
    }
  }
}

void BatchesHaveTheirSize(const History& history, Breaches& breaches) {
  constexpr std::uint32_t kMostAcks = 256;
  const std::uint32_t told = history.settings().limits().batch();
  const std::uint32_t limit = told == 0 ? kMostAcks : told;
  for (const FrameSeen& seen : history.sent()) {
    if (seen.header == nullptr || !seen.header->has_ack_batch()) {
      continue;
    }
    const int size = seen.header->ack_batch().acks_size();
    if (size < 1 || static_cast<std::uint32_t>(size) > limit) {
      breaches.push_back({seen.entry, fmt::format("an ack_batch of {} ACKs", size)});
    }
  }
}

}  // namespace

// long because: it is a table.
std::vector<Rule> WireRules() {
  using enum ack::v1::Role;
  const std::vector<ack::v1::Role> all{ROLE_SENDER, ROLE_ROUTER, ROLE_TARGET};
  return {
      {"says-only-what-it-may",
       {"CMB-WIRE-009", "CMB-RTR-021", "CMB-RTR-022"},
       all,
       "Every ACK is said by the role that may say it; a router passes on the target's and the "
       "sender's.",
       SaysOnlyWhatItMay},
      {"basic-stays-basic",
       {"CMB-TGT-009"},
       {ROLE_TARGET},
       "A BASIC target says nothing between RECEIPT and result, and does not cancel.",
       BasicStaysBasic},
      {"never-says-duplicate",
       {"CMB-DUP-006"},
       {ROLE_TARGET},
       "A copy is never refused as a duplicate.",
       NeverSaysDuplicate},
      {"sent-frames-decode",
       {"CMB-WIRE-006"},
       all,
       "Every frame that is sent has two parts, of which the first is a header.",
       SentFramesDecode},
      {"ids-tell-what-they-name",
       {"CMB-WIRE-022"},
       all,
       "The message_id of a PING begins with @, and that of nothing else.",
       IdsTellWhatTheyName},
      {"frames-go-to-whom-they-name",
       {"CMB-WIRE-020"},
       {ROLE_ROUTER},
       "A router sends each frame to the module in targets[0].",
       FramesGoToWhomTheyName},
      {"headers-are-within-what-all-take",
       {"CMB-WIRE-023", "CMB-BAT-006", "CMB-INS-010"},
       all,
       "No header that it makes is longer than 65536 bytes.",
       HeadersAreWithinWhatAllTake},
      {"batches-only-to-those-who-take-them",
       {"CMB-BAT-001"},
       all,
       "An ack_batch goes only to a peer that named BATCH_ACK last.",
       BatchesOnlyToThoseWhoTakeThem},
      {"batches-have-their-size",
       {"CMB-BAT-004"},
       all,
       "An ack_batch holds at least one ACK and at most as many as its limit.",
       BatchesHaveTheirSize},
  };
}

}  // namespace cmb::conformance::oracle
