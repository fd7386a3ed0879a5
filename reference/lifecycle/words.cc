// Words of frames; those of records and events are in words_of_records.cc.
#include "reference/lifecycle/words.h"

namespace cmb::lifecycle {

namespace {

template <typename Enum>
std::string Number(Enum value) {
  return std::to_string(static_cast<int>(value));
}

}  // namespace

std::string Word(MsgType value) {
  switch (value) {
    case MsgType::kUnspecified:
      return "UNSPECIFIED";
    case MsgType::kMessage:
      return "MESSAGE";
    case MsgType::kAck:
      return "ACK";
    case MsgType::kPing:
      return "PING";
    case MsgType::kPong:
      return "PONG";
    case MsgType::kQuery:
      return "QUERY";
    case MsgType::kReply:
      return "REPLY";
  }
  return Number(value);
}

std::string Word(AckType value) {
  switch (value) {
    case AckType::kUnspecified:
      return "UNSPECIFIED";
    case AckType::kRouterAck:
      return "ROUTER_ACK";
    case AckType::kDeliveryAck:
      return "DELIVERY_ACK";
    case AckType::kExecutionAck:
      return "EXECUTION_ACK";
    case AckType::kProgressAck:
      return "PROGRESS_ACK";
    case AckType::kTimeout:
      return "TIMEOUT";
    case AckType::kCancel:
      return "CANCEL";
    case AckType::kReceipt:
      return "RECEIPT";
  }
  return Number(value);
}

std::string Word(Status value) {
  switch (value) {
    case Status::kUnspecified:
      return "UNSPECIFIED";
    case Status::kSuccess:
      return "SUCCESS";
    case Status::kFailure:
      return "FAILURE";
    case Status::kRejected:
      return "REJECTED";
    case Status::kInProgress:
      return "IN_PROGRESS";
  }
  return Number(value);
}

std::string Word(ErrorCode value) {
  switch (value) {
    case ErrorCode::kUnspecified:
      return "UNSPECIFIED";
    case ErrorCode::kBufferFull:
      return "BUFFER_FULL";
    case ErrorCode::kNoRoute:
      return "NO_ROUTE";
    case ErrorCode::kAckTimeout:
      return "ACK_TIMEOUT";
    case ErrorCode::kAgentUnavailable:
      return "AGENT_UNAVAILABLE";
    case ErrorCode::kAgentShutdown:
      return "AGENT_SHUTDOWN";
    case ErrorCode::kValidationError:
      return "VALIDATION_ERROR";
    case ErrorCode::kPermissionDenied:
      return "PERMISSION_DENIED";
    case ErrorCode::kUnsupportedMessageType:
      return "UNSUPPORTED_MESSAGE_TYPE";
    case ErrorCode::kOversizePayload:
      return "OVERSIZE_PAYLOAD";
    case ErrorCode::kToolTimeout:
      return "TOOL_TIMEOUT";
    case ErrorCode::kPartialDelivery:
      return "PARTIAL_DELIVERY";
    case ErrorCode::kForcedPreemption:
      return "FORCED_PREEMPTION";
    case ErrorCode::kTtlExpired:
      return "TTL_EXPIRED";
    case ErrorCode::kDuplicateDetected:
      return "DUPLICATE_DETECTED";
    case ErrorCode::kAlreadyInProgress:
      return "ALREADY_IN_PROGRESS";
    case ErrorCode::kOverloaded:
      return "OVERLOADED";
    case ErrorCode::kRedirect:
      return "REDIRECT";
    case ErrorCode::kCancelled:
      return "CANCELLED";
    case ErrorCode::kUnsupportedVersion:
      return "UNSUPPORTED_VERSION";
    case ErrorCode::kChannelMismatch:
      return "CHANNEL_MISMATCH";
    case ErrorCode::kInterrupted:
      return "INTERRUPTED";
    case ErrorCode::kCircuitOpen:
      return "CIRCUIT_OPEN";
    case ErrorCode::kMalformed:
      return "MALFORMED";
    case ErrorCode::kInternalError:
      return "INTERNAL_ERROR";
  }
  return Number(value);
}

std::string Word(Role value) {
  switch (value) {
    case Role::kUnspecified:
      return "UNSPECIFIED";
    case Role::kSender:
      return "SENDER";
    case Role::kRouter:
      return "ROUTER";
    case Role::kTarget:
      return "TARGET";
  }
  return Number(value);
}

bool IsLegalPair(AckType type, Status status) {
  switch (type) {
    case AckType::kUnspecified:
      return false;
    case AckType::kRouterAck:
    case AckType::kReceipt:
      return status == Status::kSuccess || status == Status::kRejected;
    case AckType::kDeliveryAck:
      return status == Status::kSuccess || status == Status::kFailure;
    case AckType::kExecutionAck:
      return IsTerminal(type, status) || status == Status::kInProgress;
    case AckType::kProgressAck:
      return status == Status::kInProgress;
    case AckType::kTimeout:
      return status == Status::kFailure;
    case AckType::kCancel:
      return status == Status::kUnspecified;
  }
  return false;
}

namespace {

// Where the ranges of unknown types begin.
constexpr int kFirstWithoutSign = 100;
constexpr int kFirstOfSender = 120;
constexpr int kFirstOfRouter = 140;

}  // namespace

bool IsOfSender(AckType type) {
  const int number = static_cast<int>(type);
  return type == AckType::kCancel || type == AckType::kTimeout ||
         (number >= kFirstOfSender && number < kFirstOfRouter);
}

bool IsOfRouter(AckType type) {
  return type == AckType::kRouterAck || type == AckType::kDeliveryAck ||
         static_cast<int>(type) >= kFirstOfRouter;
}

bool IsOnlyPassedOn(AckType type) {
  const int number = static_cast<int>(type);
  return number >= kFirstWithoutSign && number < kFirstOfRouter;
}

bool IsTerminal(AckType type, Status status) {
  return type == AckType::kExecutionAck &&
         (status == Status::kSuccess || status == Status::kFailure || status == Status::kRejected);
}

}  // namespace cmb::lifecycle
