#include "reference/shell/record_keeper.h"

#include "reference/shell/clock_memory.h"
#include "reference/shell/image_codec.h"
#include "reference/shell/to_wire.h"

namespace cmb::reference {

void RecordKeeper::Touch(const lifecycle::Event& event) {
  if (const auto* transition = std::get_if<lifecycle::TransitionEvent>(&event)) {
    Touch(transition->role, transition->key);
  } else if (const auto* retry = std::get_if<lifecycle::RetryEvent>(&event)) {
    Touch(retry->role, retry->key);
  } else if (const auto* progress = std::get_if<lifecycle::ProgressEvent>(&event)) {
    Touch(progress->role, progress->key);
  } else if (const auto* execution = std::get_if<lifecycle::ExecutionEvent>(&event)) {
    Touch(lifecycle::Role::kTarget, execution->key);
  }
}

void RecordKeeper::SetMeta(const std::string& name, const std::string& value) {
  store_.SetMeta(name, value);
  dirty_ = true;
}

void RecordKeeper::Commit() {
  if (!IsDirty()) {
    return;
  }
  std::set<Id> written;
  while (!touched_.empty()) {
    const Id id = touched_.extract(touched_.begin()).value();
    if (!written.insert(id).second) {
      continue;
    }
    const auto snapshot = find_(id.first, id.second);
    if (!snapshot) {
      Erase(id);
      continue;
    }
    Write(id, *snapshot);
    if (snapshot->image_is_with) {
      touched_.emplace(id.first, *snapshot->image_is_with);
    }
  }
  if (store_.IsDurable()) {
    store_.SetMeta(kLastInstant, std::to_string(clock_.NowMs()));
    store_.SetMeta(kLastWall, std::to_string(clock_.WallMs()));
  }
  store_.Commit();
  dirty_ = false;
}

void RecordKeeper::Write(const Id& id, const Snapshot& snapshot) {
  TxEntry entry;
  entry.record = RecordToWire(snapshot.record);
  entry.image = snapshot.image;
  if (store_.IsDurable()) {
    const auto kept = frames_.find(id);
    if ((kept != frames_.end() ? kept->second : nullptr) != snapshot.frames) {
      entry.frames = EncodeFrames(snapshot.frames);
      Know(id.first, id.second, snapshot.frames);
    }
  }
  store_.Put(std::move(entry));
}

void RecordKeeper::Erase(const Id& id) {
  frames_.erase(id);
  store_.Erase({static_cast<ack::v1::Role>(id.first), id.second.source.str(), id.second.id.str()});
}

}  // namespace cmb::reference
