// What RouterShell keeps in its store and takes back from it. The rest of it is
// in router_shell.cc.
#include <algorithm>
#include <utility>
#include <vector>

#include "reference/router/router_shell.h"
#include "reference/shell/ended_lives.h"
#include "reference/shell/image_check.h"

namespace cmb::reference {

std::optional<Snapshot> RouterShell::Keep(const lifecycle::MessageKey& key) const {
  const auto image = core_.Image(key);
  if (!image) {
    return std::nullopt;
  }
  const auto record = core_.Find(key);
  const bool is_mark = !record || record->state == lifecycle::State::kRejected;
  if (is_mark && !store_.IsDurable()) {
    return std::nullopt;  // The core keeps it small, and nobody would read it here.
  }
  Snapshot snapshot;
  if (record) {
    snapshot.record = *record;
  } else {  // A closed mark, which only the image tells of.
    snapshot.record.role = lifecycle::Role::kRouter;
    snapshot.record.key = key;
  }
  if (store_.IsDurable()) {
    snapshot.image = EncodeImage(*image);
    snapshot.frames = image->record.parcel;
  }
  return snapshot;
}

// CMB-DUR-002, CMB-DUR-003, CMB-DUR-018.
void RouterShell::Recover(Away away) {
  std::vector<lifecycle::RouterImage> images;
  std::vector<lifecycle::MessageKey> stranded;
  for (const auto& entry : store_.All()) {
    if (entry.record.role() != ack::v1::ROLE_ROUTER) {
      throw StoreDamaged(store_, "it is the store of a module, not of a router");
    }
    images.push_back(ImageIn(store_, entry, DecodeRouterImage));
    auto& record = images.back().record;
    if (away == Away::kUnknown) {
      EndLife(images.back(), Now());
    }
    if (record.forwarded && *record.forwarded < settings_.measured_since) {  // CMB-TMR-015.
      record.forwarded = std::min(*record.forwarded, Now() - settings_.core.key_window);
    }
    records_.Know(lifecycle::Role::kRouter, record.key, record.parcel);
    if (record.forwarding && sockets_.Find(record.channel.str()) < 0) {
      stranded.push_back(record.key);
    }
  }
  redrive_ids_.Continue(NumberIn(store_, kRedriveCounter));
  Run(core_.Restore(std::move(images), Now()));
  for (const auto& key : stranded) {
    Run(core_.LoseChannel(key, Now()));
  }
  while (FireNext(lifecycle::TimerClass::kHousekeeping)) {
  }  // What was to be forgotten meanwhile (CMB-RTR-039, CMB-DLQ-011).
}

}  // namespace cmb::reference
