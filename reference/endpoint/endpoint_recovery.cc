// What EndpointShell holds back until its store has it, keeps there and takes
// back from it. The rest of it is in endpoint_shell.cc.
#include <utility>
#include <vector>

#include "reference/endpoint/endpoint_shell.h"
#include "reference/shell/ended_lives.h"
#include "reference/shell/image_check.h"

namespace cmb::reference {

using lifecycle::Role;

void EndpointShell::Commit() {
  AckBatcher batcher(settings_.batch, [this](const auto& acks) { SendTogether(acks); });
  do {
    records_.Commit();
    for (const auto& effect : std::exchange(held_, {})) {
      const auto* ack = std::get_if<lifecycle::SendAck>(&effect);
      if (ack != nullptr && !ack->parcel && TakesBatches(ack->via)) {
        batcher.Add(*ack);
        continue;
      }
      if (ack != nullptr) {
        batcher.Flush(ack->to);
      } else if (std::holds_alternative<lifecycle::SendMessage>(effect)) {
        batcher.Flush(lifecycle::kRouterId);  // CMB-FBK-004: the TIMEOUT leaves before it.
      }
      Carry(effect);
    }
  } while (!held_.empty());
  batcher.FlushAll();
}

// CMB-BAT-001: the peer of an endpoint is its router.
bool EndpointShell::TakesBatches(const lifecycle::RouterName& via) const {
  return settings_.batch_ack && batch_peers_.Accepts(via.str());
}

void EndpointShell::Carry(const lifecycle::Effect& effect) {
  if (const auto* message = std::get_if<lifecycle::SendMessage>(&effect)) {
    Do(*message);
  } else if (const auto* ack = std::get_if<lifecycle::SendAck>(&effect)) {
    Do(*ack);
  } else if (const auto* work = std::get_if<lifecycle::OfferWork>(&effect)) {
    Do(*work);
  } else if (const auto* drop = std::get_if<lifecycle::DropWork>(&effect)) {
    parts_.handler.Drop(drop->key);
  } else if (const auto* cancel = std::get_if<lifecycle::CancelWork>(&effect)) {
    parts_.handler.Cancel(cancel->key);
  } else if (const auto* told = std::get_if<lifecycle::TellLifeEnded>(&effect)) {
    parts_.handler.LifeEnded(told->key);
  } else if (const auto* resume = std::get_if<lifecycle::ResumeWork>(&effect)) {
    Do(*resume);
  }
}

void EndpointShell::Do(const lifecycle::ResumeWork& effect) {
  Work work;
  work.key = effect.key;
  work.idempotency_key = effect.idempotency_key;
  work.attempt = effect.attempt;
  work.frames = std::static_pointer_cast<const FrameParcel>(effect.parcel);
  work.arrived = effect.arrived;
  work.runs = true;
  parts_.handler.Resume(std::move(work));
}

std::optional<Snapshot> EndpointShell::Keep(Role role, const lifecycle::MessageKey& key) const {
  return role == Role::kSender ? KeepSent(key) : KeepWork(key);
}

std::optional<Snapshot> EndpointShell::KeepSent(const lifecycle::MessageKey& key) const {
  const auto record = sender_.Find(key.id);
  if (!record) {
    return std::nullopt;
  }
  Snapshot snapshot{*record, {}, {}, {}};
  if (parts_.store.IsDurable()) {
    const auto image = sender_.Image(key.id);
    snapshot.image = EncodeImage(*image);
    snapshot.frames = image->record.message.parcel;
  }
  return snapshot;
}

std::optional<Snapshot> EndpointShell::KeepWork(const lifecycle::MessageKey& key) const {
  const auto record = target_.Find(key);
  if (!record) {
    return std::nullopt;
  }
  Snapshot snapshot{*record, {}, {}, {}};
  if (parts_.store.IsDurable()) {
    const auto image = target_.Image(key);
    if (image->name == key) {
      snapshot.image = EncodeImage(*image);
      snapshot.frames = image->parcel;
    } else {
      snapshot.image_is_with = image->name;
    }
  }
  return snapshot;
}

// A CANCEL of what was given up has a timer and no event.
void EndpointShell::Cancel(const lifecycle::MessageId& id) {
  records_.Touch(Role::kSender, {lifecycle::ModuleId(settings_.module_id), id});
  Run(sender_.Cancel(id, Now()));
}

void EndpointShell::TouchWork(const lifecycle::MessageKey& key) {
  records_.Touch(Role::kTarget, key);
  if (const auto image = target_.Image(key)) {
    for (const auto& id : image->order) {
      records_.Touch(Role::kTarget, {key.source, id});
    }
  }
}

// CMB-DUR-004, CMB-DUR-006, CMB-DUR-010, CMB-DUR-011, CMB-TMR-010.
void EndpointShell::Recover(Away away) {
  std::vector<lifecycle::SenderImage> sent;
  std::vector<lifecycle::WorkImage> works;
  for (const auto& entry : parts_.store.All()) {
    if (entry.record.role() == ack::v1::ROLE_ROUTER) {
      throw StoreDamaged(parts_.store, "it is the store of a router, not of a module");
    }
    if (entry.image.empty()) {
      continue;  // The work's image is with the message that brought it first.
    }
    if (entry.record.role() == ack::v1::ROLE_SENDER) {
      auto& image = sent.emplace_back(ImageIn(parts_.store, entry, DecodeSenderImage));
      if (away == Away::kUnknown) {
        EndLife(image, Now());
      }
      records_.Know(Role::kSender,
                    {lifecycle::ModuleId(settings_.module_id), image.record.message.id},
                    image.record.message.parcel);
    } else {
      auto& image = works.emplace_back(ImageIn(parts_.store, entry, DecodeWorkImage));
      if (away == Away::kUnknown) {
        EndLife(image, Now());
      }
      records_.Know(Role::kTarget, image.name, image.parcel);
    }
  }
  ids_.Continue(NumberIn(parts_.store, kLastId));
  Run(sender_.Restore(std::move(sent), Now()));
  Run(target_.Restore(std::move(works), Now()));
}

}  // namespace cmb::reference
