// The tables of a SqliteTxStore's file and the way from each older version of
// them to the present one.
//
// Called by SqliteTxStore when it opens a file. Free of state. Spec: chapter
// "Persistence and recovery".
#pragma once

#include <cstdint>
#include <string>

#include "cmb/ack/v1/record.pb.h"
#include "reference/extras/sqlite/database.h"

namespace cmb::reference {

// "CMBs".
inline constexpr std::int32_t kStoreApplicationId = 0x434d4273;
// 1: entry, frames, meta. 2: entry also says state and reason in words.
inline constexpr std::int32_t kStoreSchemaVersion = 2;

// Makes the tables of a new file, brings older ones up to date. All or nothing.
void MigrateStore(Database& db);

// What the columns for people say.
struct RecordWords {
  std::string state;
  std::string reason;
};
RecordWords WordsOf(const ack::v1::TransactionRecord& record);

}  // namespace cmb::reference
