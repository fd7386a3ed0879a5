#include "reference/store/tx_store.h"

namespace cmb::reference {

TxKey KeyOf(const ack::v1::TransactionRecord& record) {
  return {record.role(), record.source(), record.message_id()};
}

}  // namespace cmb::reference
