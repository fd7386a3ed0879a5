#include "reference/shell/ended_lives.h"

#include <algorithm>

namespace cmb::reference {
namespace {

// An earlier deadline has passed and is due already.
template <class Image>
void EndLifeOfRecord(Image& image, lifecycle::Instant now) {
  image.record.expires = std::min(image.record.expires, now);
  for (auto& timer : image.timers) {
    if (timer.kind == lifecycle::TimerKind::kTtl) {
      timer.deadline = std::min(timer.deadline, now);
    }
  }
}

}  // namespace

void EndLife(lifecycle::SenderImage& image, lifecycle::Instant now) { EndLifeOfRecord(image, now); }

void EndLife(lifecycle::RouterImage& image, lifecycle::Instant now) { EndLifeOfRecord(image, now); }

void EndLife(lifecycle::WorkImage& image, lifecycle::Instant now) {
  image.expires = std::min(image.expires, now);
  for (auto& [id, attachment] : image.messages) {
    attachment.expires = std::min(attachment.expires, now);
  }
}

}  // namespace cmb::reference
