// The images of the cores as bytes for a store, and back (private schema
// reference/store/images.proto).
//
// Called by the shells. Frames go apart from the image, since they are large
// and seldom change; a terminal ACK's frames travel inside it. Decoding throws
// std::runtime_error if the bytes are no image (image_check.h names the record). Free of state.
// Spec: chapter "Persistence and recovery".
#pragma once

#include <string>

#include "reference/lifecycle/router_record.h"
#include "reference/lifecycle/sender_record.h"
#include "reference/lifecycle/work.h"
#include "reference/store/tx_store.h"

namespace cmb::reference {

std::string EncodeImage(const lifecycle::SenderImage& image);
std::string EncodeImage(const lifecycle::RouterImage& image);
std::string EncodeImage(const lifecycle::WorkImage& image);

// A null parcel is no bytes.
std::string EncodeFrames(const lifecycle::ParcelRef& parcel);

lifecycle::SenderImage DecodeSenderImage(const TxEntry& entry);
lifecycle::RouterImage DecodeRouterImage(const TxEntry& entry);
lifecycle::WorkImage DecodeWorkImage(const TxEntry& entry);

}  // namespace cmb::reference
