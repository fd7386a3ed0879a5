// What room the tables of a router have for one source more (12.3).
#include "conformance/oracle/tables/router_memory.h"

namespace cmb::conformance::oracle::tables::router {

void Memory::Add(const std::string& source, const Key& key, bool is_over, Count& count) const {
  const std::uint64_t of_source = key.first == source ? 1 : 0;
  ++count.held;
  count.of_source += of_source;
  count.over += is_over ? 1 : 0;
  count.over_of_source += is_over ? of_source : 0;
}

Memory::Count Memory::CountOf(const std::string& source, const Matters& belongs) const {
  Count count;
  for (const auto& [key, record] : records_) {
    if (belongs(record) && !MustForget(record)) {
      Add(source, key, MayForget(record), count);
    }
  }
  return count;
}

bool Memory::HasRoom(std::uint64_t bound, const Count& count) {
  const bool at_least = bounds_.HasRoom(bound, count.held, count.of_source);
  const bool at_most =
      bounds_.HasRoom(bound, count.held - count.over, count.of_source - count.over_of_source);
  // Which of them were forgotten shows later.
  return at_least == at_most || world_.Choose("CHO-005") == 1 ? at_least : at_most;
}

bool Memory::MayMark(const Key& key) {
  return FindMark(key) != nullptr || HasRoomForMark(key.first);
}

// A mark beside a record is there only where the record is gone.
bool Memory::HasRoomForMark(const std::string& source) {
  Count count = CountOf(source, IsRefusal);
  for (const auto& [key, mark] : marks_) {
    if (!MustForget(mark)) {
      Add(source, key, MayForget(mark) || records_.contains(key), count);
    }
  }
  return HasRoom(bounds_.limits().marks(), count);
}

Memory::Count Memory::QueueOf(const std::string& source, const std::string& target) const {
  return CountOf(source, [&](const Record& record) {
    return record.state == ack::v1::STATE_FORWARDING && record.target == target;
  });
}

Memory::Count Memory::RecordsOf(const std::string& source) const {
  return CountOf(source, [this](const Record& record) {
    return !IsRefusal(record) && !(record.dead_letter && bounds_.IsDurable());
  });
}

Memory::Count Memory::LettersOf(const std::string& source) const {
  return CountOf(source, [](const Record& record) { return record.dead_letter; });
}

bool Memory::IsFullWithLetters() const {
  const std::uint64_t bound = bounds_.limits().records();
  const Count held = CountOf("", [](const Record& record) { return !IsRefusal(record); });
  return bound != 0 && bounds_.IsDurable() && held.held >= bound;
}

bool Memory::HasRoomForRedrive(const std::string& source, const std::string& target) {
  return HasRoom(bounds_.limits().queue_per_target(), QueueOf(source, target)) &&
         HasRoom(bounds_.limits().records(), RecordsOf(source));
}

bool Memory::HasRoomForLetter(const std::string& source) {
  return !bounds_.IsDurable() || HasRoom(bounds_.limits().dead_letters(), LettersOf(source));
}

std::string_view Memory::OfRoom(const std::string& source, const std::string& target) const {
  std::string_view of_crowded;
  const auto look = [&](std::uint64_t bound, const Count& count, std::string_view own) {
    if (bound == 0 || 4 * count.held < 3 * bound) {
      return false;
    }
    own = !own.empty() ? own : count.held < bound ? "CMB-SEC-014" : "CMB-RTR-006";
    const bool decides = !bounds_.HasRoom(bound, count.held, count.of_source);
    of_crowded = of_crowded.empty() || decides ? own : of_crowded;
    return decides;
  };
  if (!look(bounds_.limits().queue_per_target(), QueueOf(source, target), "") &&
      !look(bounds_.limits().records(), RecordsOf(source), "") && bounds_.IsDurable()) {
    look(bounds_.limits().dead_letters(), LettersOf(source), "CMB-DLQ-012");
  }
  return of_crowded;
}

std::string_view Memory::OfRoomForMarks() const {
  std::uint64_t held = CountOf("", IsRefusal).held;
  for (const auto& [key, mark] : marks_) {
    held += MustForget(mark) ? 0 : 1;
  }
  return held < bounds_.limits().marks() ? "CMB-SEC-014" : "";
}

bool Memory::HasRoomForMessage(const std::string& source, const std::string& target) {
  return HasRoomForRedrive(source, target) && HasRoomForLetter(source);
}

}  // namespace cmb::conformance::oracle::tables::router
