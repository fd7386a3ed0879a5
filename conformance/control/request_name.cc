#include "conformance/control/request_name.h"

namespace cmb::conformance {

using control::v1::Request;

std::string RequestName(const Request& request) {
  switch (request.request_case()) {
    case Request::kConfigure:
      return "Configure";
    case Request::kBegin:
      return "Begin";
    case Request::kSend:
      return "Send";
    case Request::kCancel:
      return "Cancel";
    case Request::kScriptExecution:
      return "ScriptExecution";
    case Request::kGetTransaction:
      return "GetTransaction";
    case Request::kTimers:
      return "Timers";
    case Request::kAdvance:
      return "Advance";
    case Request::kWallJump:
      return "WallJump";
    case Request::kReset:
      return "Reset";
    case Request::kConnection:
      return "Connection";
    case Request::kQueue:
      return "Queue";
    case Request::kShutdown:
      return "Shutdown";
    case Request::REQUEST_NOT_SET:
      break;
  }
  return "an empty request";
}

}  // namespace cmb::conformance
