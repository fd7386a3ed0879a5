#include "reference/endpoint/handler_codes.h"

namespace cmb::reference {

bool MayHandlerSay(ack::v1::ErrorCode code) {
  switch (code) {
    case ack::v1::ERROR_CODE_UNSPECIFIED:
    case ack::v1::ERROR_CODE_CANCELLED:
    case ack::v1::ERROR_CODE_INTERRUPTED:
    case ack::v1::ERROR_CODE_DUPLICATE_DETECTED:
    case ack::v1::ERROR_CODE_ALREADY_IN_PROGRESS:
      return false;
    default:  // An open enum.
      return ack::v1::ErrorCode_IsValid(code);
  }
}

}  // namespace cmb::reference
