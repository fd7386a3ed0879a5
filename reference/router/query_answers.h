// What a QUERY is answered with, but for the acts on dead letters: the questions
// that change nothing (CMB-INS-008) and the refusals that need no look at a
// record.
//
// Called by RouterShell. Free of state. Spec: chapters "Inspection" and "Dead
// letters".
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cmb/ack/v1/inspection.pb.h"
#include "reference/lifecycle/router.h"
#include "reference/shell/frame_parcel.h"

namespace cmb::reference {

// Entries of a list, if the QUERY does not say.
inline constexpr std::uint32_t kDefaultListLimit = 100;
inline constexpr std::uint32_t kLargestListLimit = 1000;

// A list ends early, with `more`, where its REPLY would exceed this many bytes,
// so that every asker can take the header (CMB-INS-010, CMB-WIRE-018).
inline constexpr std::size_t kReplyBytes = 60'000;

ack::v1::QueryReply RefusedReply(lifecycle::ErrorCode code, std::string note);

// CMB-INS-007, rows 1 to 3. Absent: it can be asked.
std::optional<ack::v1::QueryReply> RefusalOf(const ack::v1::Query& query,
                                             lifecycle::Profile profile);

// The message that it speaks of; its source is the asker if none is named.
lifecycle::MessageKey KeyOf(const ack::v1::Query& query, const std::string& asker);

// CMB-INS-004, CMB-INS-005, CMB-INS-013, CMB-DLQ-001.
ack::v1::QueryReply TransactionReply(const lifecycle::Router& core, const ack::v1::Query& query,
                                     const std::string& asker);
ack::v1::QueryReply InFlightReply(const lifecycle::Router& core, const ack::v1::Query& query);
ack::v1::QueryReply DeadLettersReply(const lifecycle::Router& core, const ack::v1::Query& query,
                                     lifecycle::Instant now);

// What a router's shell knows of its health and its core does not.
struct ShellHealth {
  lifecycle::Instant started;
  std::map<lifecycle::AnomalyKind, std::uint64_t> anomalies;
  std::uint64_t refused_connections = 0;
  lifecycle::Profile profile = lifecycle::Profile::kUnspecified;
};

// CMB-INS-006.
ack::v1::QueryReply HealthReply(const lifecycle::Router& core, const ShellHealth& shell,
                                lifecycle::Instant now);

// The frames of a dead letter as the new message that redrives it
// (CMB-DLQ-004).
std::shared_ptr<FrameParcel> RedriveParcel(const lifecycle::DeadLetterView& letter,
                                           const lifecycle::MessageId& new_id);

}  // namespace cmb::reference
