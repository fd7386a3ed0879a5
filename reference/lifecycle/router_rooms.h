// The room that a router's records take in its bounded tables, and who still
// finds some: one source never takes all of a table (CMB-SEC-014). Spec: chapters
// router, 5.1 and 5.5 to 5.7; dead letters.
//
// Threads: not safe; owned by one Router.
#pragma once

#include <map>
#include <optional>

#include "reference/lifecycle/fair_share.h"
#include "reference/lifecycle/router_record.h"
#include "reference/lifecycle/types.h"

namespace cmb::lifecycle {

class RouterRooms {
 public:
  struct Bounds {
    TableBound records, marks, queue;
    std::optional<TableBound> letters;  // Absent: dead letters are records like others.
  };
  explicit RouterRooms(const Bounds& bounds);

  // CMB-RTR-006. CMB-RTR-038: who finds no room is refused, and nobody else goes.
  bool ForRecord(const ModuleId& source) const { return records_.HasRoom(source); }
  bool ForMark(const ModuleId& source) const { return marks_.HasRoom(source); }
  // For the dead letter that a message may become (CMB-DLQ-012).
  bool ForLetter(const ModuleId& source) const { return !letters_ || letters_->HasRoom(source); }
  bool InQueue(const ModuleId& target, const ModuleId& source) const;

  // The record takes room as it is now, or gives back what it took so.
  void Take(const RouterRecord& record);
  void Give(const RouterRecord& record);

 private:
  SharedRoom* RoomOf(const RouterRecord& record);

  SharedRoom records_;
  SharedRoom marks_;
  std::optional<SharedRoom> letters_;
  TableBound queue_;
  std::map<ModuleId, SharedRoom> queues_;  // By target; no empty ones.
};

}  // namespace cmb::lifecycle
