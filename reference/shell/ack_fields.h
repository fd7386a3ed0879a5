// An ACK of a module's own as a message of Protobuf: what goes on the wire, and
// what a store keeps of it, have the same fields with other types of number.
//
// Used by to_wire and the image codec. Free of state. Spec: chapter "Wire
// binding".
#pragma once

#include <cstddef>
#include <string_view>

#include "reference/lifecycle/effects.h"

namespace cmb::reference {

// Bytes of a note (CMB-WIRE-024).
inline constexpr std::size_t kLargestNote = 4096;

// As much of `note` as an ACK may have: it ends between two characters.
inline std::string_view WithinNote(std::string_view note) {
  if (note.size() <= kLargestNote) {
    return note;
  }
  std::size_t end = kLargestNote;
  while (end > 0 && (static_cast<unsigned char>(note[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return note.substr(0, end);
}

template <class To>
void FillAckFields(const lifecycle::AckOut& from, To& to) {
  to.set_ack_type(static_cast<decltype(to.ack_type())>(from.type));
  to.set_status(static_cast<decltype(to.status())>(from.status));
  to.set_correlation_id(from.correlation_id.str());
  to.set_attempt(from.attempt);
  to.set_error_code(static_cast<decltype(to.error_code())>(from.code));
  to.set_note(from.note);
  to.set_retryable(from.retryable);
  to.set_progress_number(from.progress_number);
  if (from.percent) {
    to.set_percent(*from.percent);
  }
  if (from.done_count) {
    to.set_done_count(*from.done_count);
  }
  if (from.total_count) {
    to.set_total_count(*from.total_count);
  }
  if (from.eta) {
    to.set_eta_ms(static_cast<decltype(to.eta_ms())>(from.eta->count()));
  }
  if (from.hold) {
    to.set_hold_ms(static_cast<decltype(to.hold_ms())>(from.hold->count()));
  }
  if (from.started) {
    to.set_started(*from.started);
  }
  if (from.memory_ms) {
    to.set_memory_ms(*from.memory_ms);
  }
  to.set_never_forwarded(from.never_forwarded);
  for (const auto version : from.supported_versions) {
    to.add_supported_versions(version);
  }
}

}  // namespace cmb::reference
