// Ends the life of what a store kept, where nobody knows how much of it is left.
//
// Called by the shells between reading the images and restoring the cores; the
// TTL timer then fires as after any restart. Threads: values only. Spec:
// CMB-TMR-010.
#pragma once

#include "reference/lifecycle/router_record.h"
#include "reference/lifecycle/sender_record.h"
#include "reference/lifecycle/work.h"

namespace cmb::reference {

void EndLife(lifecycle::SenderImage& image, lifecycle::Instant now);
void EndLife(lifecycle::RouterImage& image, lifecycle::Instant now);
void EndLife(lifecycle::WorkImage& image, lifecycle::Instant now);

}  // namespace cmb::reference
