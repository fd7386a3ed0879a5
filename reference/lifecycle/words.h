// The words of the protocol as the cores speak them: the same names and the
// same numbers as proto/cmb/ack/v1/vocabulary.proto, without Protobuf, so that
// the cores depend on the standard library alone. The shell converts by
// static_cast and proves the numbers equal with static_assert.
//
// Enums are open: a value that a peer invented keeps its number and prints as
// that number.
//
// Threads: values and free functions only; safe anywhere.
#pragma once

#include <string>

namespace cmb::lifecycle {

enum class MsgType : int {
  kUnspecified = 0,
  kMessage = 1,
  kAck = 2,
  kPing = 3,
  kPong = 4,
  kQuery = 5,
  kReply = 6,
};

enum class AckType : int {
  kUnspecified = 0,
  kRouterAck = 1,
  kDeliveryAck = 2,
  kExecutionAck = 3,
  kProgressAck = 4,
  kTimeout = 5,
  kCancel = 6,
  kReceipt = 7,
};

enum class Status : int {
  kUnspecified = 0,  // The only status of a CANCEL.
  kSuccess = 1,
  kFailure = 2,
  kRejected = 3,
  kInProgress = 4,
};

enum class ErrorCode : int {
  kUnspecified = 0,
  kBufferFull = 1,
  kNoRoute = 2,
  kAckTimeout = 3,
  kAgentUnavailable = 4,
  kAgentShutdown = 5,
  kValidationError = 6,
  kPermissionDenied = 7,
  kUnsupportedMessageType = 8,
  kOversizePayload = 9,
  kToolTimeout = 10,
  kPartialDelivery = 11,
  kForcedPreemption = 12,
  kTtlExpired = 13,
  kDuplicateDetected = 14,
  kAlreadyInProgress = 15,
  kOverloaded = 16,
  kRedirect = 20,
  kCancelled = 40,
  kUnsupportedVersion = 41,
  kChannelMismatch = 42,
  kInterrupted = 43,
  kCircuitOpen = 44,
  kMalformed = 45,
  kInternalError = 99,
};

// Each profile holds the one before it in this list, whatever its number.
enum class Profile : int { kUnspecified = 0, kCore = 4, kBasic = 1, kTracked = 2, kDurable = 3 };
constexpr bool IsTracked(Profile profile) {
  return profile == Profile::kTracked || profile == Profile::kDurable;
}

enum class Role : int { kUnspecified = 0, kSender = 1, kRouter = 2, kTarget = 3 };

enum class State : int {
  kUnspecified = 0,
  // Sender.
  kIdle = 1,
  kSendPending = 2,
  kRouted = 3,
  kDelivered = 4,  // Also router.
  kExecuting = 5,  // Also target.
  kCompletedSuccess = 6,
  kCompletedFailure = 7,
  kTimeoutAbort = 8,
  // Router.
  kForwarding = 10,
  kSettled = 11,
  kRejected = 12,  // Also target.
  kDeadLettered = 13,
  kCancelled = 14,  // Also target.
  // Target.
  kReceived = 20,
  kSucceeded = 21,
  kFailed = 22,
};

enum class Reason : int {
  kUnspecified = 0,
  kSend = 1,
  kRouterAck = 2,
  kDeliveryAck = 3,
  kExecutionAck = 4,
  kProgressAck = 5,
  kReceipt = 6,
  kTimeout = 7,
  kCancel = 8,
  kRouterAckTimeout = 9,
  kDeliveryAckTimeout = 10,
  kExecutionTimeout = 11,
  kTtlExpired = 12,
  kLateExecutionAck = 13,
  kResend = 14,
  kLateReceipt = 15,
  kDeliveryPhaseEnded = 16,
  kHandlerStarted = 17,
  kHandlerSucceeded = 18,
  kHandlerFailed = 19,
  kHandlerRefused = 20,
  kInterrupted = 21,
  kCircuitOpen = 22,
};

enum class Certainty : int { kUnspecified = 0, kUnknown = 1, kExecuted = 2, kNotExecuted = 3 };

enum class AnomalyKind : int {
  kUnspecified = 0,
  kMalformed = 1,
  kChannelMismatch = 2,
  kUnauthorizedAck = 3,
  kUnknownValue = 4,
  kUnknownMessage = 5,
  kDuplicateAck = 6,
  kOutOfOrderAck = 7,
  kStaleAttempt = 8,
  kUnexpectedAck = 9,
  kConflict = 10,
  kLateAfterWindow = 11,
  kLateFailure = 12,
  kClosedAttempt = 13,
  kUndeliverable = 14,
  kUnsupported = 15,
  kUnknownType = 16,
};

enum class TimerKind : int {
  kUnspecified = 0,
  kRouterAck = 1,
  kDeliveryAck = 2,
  kExecution = 3,
  kBackoff = 4,
  kTtl = 5,
  kRedelivery = 6,
  kDeliveryPhase = 7,
  kHandler = 8,
  kCancel = 9,
  kReconcile = 20,
  kRecordExpiry = 21,
  kHeartbeat = 22,
};

enum class AlertState : int { kUnspecified = 0, kRaised = 1, kUpdated = 2, kResolved = 3 };

// The word of a value as the spec writes it, "ROUTER_ACK"; the number in
// decimal for a value that is not in the registry; "UNSPECIFIED" for zero.
std::string Word(MsgType value);
std::string Word(AckType value);
std::string Word(Status value);
std::string Word(ErrorCode value);
std::string Word(Profile value);
std::string Word(Role value);
std::string Word(State value);
std::string Word(Reason value);
std::string Word(Certainty value);
std::string Word(AnomalyKind value);
std::string Word(TimerKind value);
std::string Word(AlertState value);

// True for the pairs of ACK type and status that the protocol knows: any other
// is an UNKNOWN_VALUE at an endpoint. Takes any number, known or not.
bool IsLegalPair(AckType type, Status status);

// Who says an ACK, also one of a type that is not known (11): its sender, a router; else the
// target.
bool IsOfSender(AckType type);
bool IsOfRouter(AckType type);
// A router only passes it on (CMB-VER-014, CMB-VER-015, CMB-VER-017).
bool IsOnlyPassedOn(AckType type);

// True for EXECUTION_ACK with SUCCESS, FAILURE or REJECTED.
bool IsTerminal(AckType type, Status status);

}  // namespace cmb::lifecycle
