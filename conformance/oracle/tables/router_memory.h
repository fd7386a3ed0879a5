// The tables of a router: records, closed marks and their bounds, and what has outlived its time
// (5.6, 5.7, 12.3). No threads.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/oracle/tables/model.h"
#include "conformance/oracle/tables/router_bounds.h"
#include "conformance/oracle/tables/router_record.h"

namespace cmb::conformance::oracle::tables::router {

class Memory {
 public:
  using Matters = std::function<bool(const Record&)>;

  Memory(World& world, const Bounds& bounds) : world_(world), bounds_(bounds) {}

  // Null: there is none, or (CHO-005) it was forgotten since its time is over. Where what happens
  // is the same with and without it, it is still there.
  Record* Find(
      const Key& key, const Matters& shows = [](const Record&) { return true; });
  const ClosedMark* FindMark(const Key& key);
  // A mark closes the attempt whether or not there is a record.
  bool IsMarked(const Key& key, std::uint32_t attempt) const;
  bool IsMarkedSince(const Key& key, std::uint64_t at_ms) const;
  // A mark alone or a refusal that is there, and was left more than MAX_LATENCY ago.
  bool HasKept(const Key& key) const;
  // It was a mark or a refusal whose time was over, and had to be forgotten (CMB-RTR-039).
  bool WasOverdue(const Key& key) const { return overdue_.contains(key); }
  // Another source has left a mark alone for this message_id.
  bool AnotherHasMark(const Key& key) const;
  // Another source has a record of this message_id.
  bool AnotherHas(const Key& key);

  Record& Make(const Key& key);  // The mark that is there becomes its own.
  void LeaveMark(const Key& key, std::uint32_t attempt);
  // CHO-005: its time is over.
  bool MayForget(const Record& record) const;
  // A mark that was left since is another's.
  void Forget(const Key& key);
  void ForgetAll();

  // A mark alone: it is there, or there is room for it.
  bool MayMark(const Key& key);
  // Row 8 of 5.2, ZeroMQ's own queue apart.
  bool HasRoomForMessage(const std::string& source, const std::string& target);
  bool HasRoomForRedrive(const std::string& source, const std::string& target);
  bool HasRoomForLetter(const std::string& source);
  // The sentence by which a message is refused for want of room, or taken by a table that has
  // little left: of the bound, of the shares, of dead letters. Empty: there is plenty of room.
  std::string_view OfRoom(const std::string& source, const std::string& target) const;
  // The same of a mark that is refused.
  std::string_view OfRoomForMarks() const;
  // The table of records would be, if dead letters were in it.
  bool IsFullWithLetters() const;

  // Lists it in Timers as what may be forgotten then.
  void ArmExpiry(const Record& record);

  std::map<Key, Record>& records() { return records_; }
  const std::map<Key, Record>& records() const { return records_; }
  // Those that matter; of them those whose time is over were forgotten, or not (CHO-005).
  std::vector<const Record*> Held(const Matters& matters);

 private:
  // How many entries of a table there are, with and without those whose time is over.
  struct Count {
    std::uint64_t held = 0, of_source = 0;
    std::uint64_t over = 0, over_of_source = 0;
  };
  void Add(const std::string& source, const Key& key, bool is_over, Count& count) const;
  Count CountOf(const std::string& source, const Matters& belongs) const;
  std::uint64_t LongestMarkMs() const;
  bool HasRoom(std::uint64_t bound, const Count& count);
  bool IsForwarded(const Record& record) const;
  bool HasRoomForMark(const std::string& source);
  Count QueueOf(const std::string& source, const std::string& target) const;
  Count RecordsOf(const std::string& source) const;
  Count LettersOf(const std::string& source) const;
  bool MustForget(const Record& record) const;
  bool MayForget(const ClosedMark& mark) const;
  bool MustForget(const ClosedMark& mark) const;
  std::uint64_t KeptUntil(const Record& record) const;
  std::uint64_t ForgottenAfter(const Record& record) const;

  World& world_;
  const Bounds& bounds_;
  std::map<Key, Record> records_;
  std::map<Key, ClosedMark> marks_;
  std::set<Key> overdue_;
};

}  // namespace cmb::conformance::oracle::tables::router
