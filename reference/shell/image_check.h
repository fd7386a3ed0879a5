// What comes out of a store is whole: the bytes are an image, and of what the core may still send
// the frames are there.
//
// Called by the shells before they restore a core. Free of state. Spec: chapter "Persistence and
// recovery".
#pragma once

#include <stdexcept>
#include <string>

#include "reference/shell/image_codec.h"

namespace cmb::reference {

// What is wrong with it; empty: nothing is.
std::string FaultOf(const lifecycle::SenderImage& image);
std::string FaultOf(const lifecycle::RouterImage& image);
std::string FaultOf(const lifecycle::WorkImage& image);

// The entry's image, by one of the functions of image_codec.h. Throws StoreDamaged.
template <class Image>
Image ImageIn(const TxStore& store, const TxEntry& entry, Image (*decode)(const TxEntry&)) {
  std::string fault;
  try {
    Image image = decode(entry);
    fault = FaultOf(image);
    if (fault.empty()) {
      return image;
    }
  } catch (const std::runtime_error& error) {
    fault = error.what();
  }
  throw StoreDamaged(store, "message " + entry.record.message_id() + " of " +
                                entry.record.source() + ": " + fault);
}

}  // namespace cmb::reference
