#include "reference/shell/record_keeper.h"

#include "reference/shell/to_wire.h"

namespace cmb::reference {

void RecordKeeper::Touch(const lifecycle::Event& event) {
  if (const auto* transition = std::get_if<lifecycle::TransitionEvent>(&event)) {
    Touch(transition->role, transition->key);
  } else if (const auto* retry = std::get_if<lifecycle::RetryEvent>(&event)) {
    Touch(retry->role, retry->key);
  } else if (const auto* execution = std::get_if<lifecycle::ExecutionEvent>(&event)) {
    Touch(lifecycle::Role::kTarget, execution->key);
  }
}

void RecordKeeper::Settle() {
  for (const auto& [role, key] : touched_) {
    if (const auto record = find_(role, key)) {
      store_.Put(RecordToWire(*record));
    } else {
      store_.Erase({static_cast<ack::v1::Role>(role), key.source.str(), key.id.str()});
    }
  }
  touched_.clear();
}

}  // namespace cmb::reference
