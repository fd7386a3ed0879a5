#include "reference/endpoint/received.h"

namespace cmb::reference {

Received ReceivedOf(const Work& work) {
  const auto& header = work.frames->header;
  return {.source = work.key.source.str(),
          .message_id = work.key.id.str(),
          .idempotency_key = work.idempotency_key.str(),
          .channel = header.channel(),
          .attempt = work.attempt,
          .payload = std::string(work.frames->Payload()),
          .resumed = work.runs};
}

lifecycle::MessageKey KeyOf(const Received& work) {
  return {lifecycle::ModuleId(work.source), lifecycle::MessageId(work.message_id)};
}

}  // namespace cmb::reference
