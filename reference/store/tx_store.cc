#include "reference/store/tx_store.h"

#include <charconv>

namespace cmb::reference {

TxKey KeyOf(const ack::v1::TransactionRecord& record) {
  return {record.role(), record.source(), record.message_id()};
}

StoreDamaged::StoreDamaged(const TxStore& store, const std::string& cause)
    : std::runtime_error(store.Place() + ": " + cause +
                         "; restore it from a copy, or move it away to begin without what it "
                         "held") {}

std::uint64_t NumberIn(const TxStore& store, const std::string& name) {
  const std::string text = store.Meta(name).value_or("0");
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stopped != end) {
    throw StoreDamaged(store, "its fact " + name + " is no number");
  }
  return number;
}

}  // namespace cmb::reference
