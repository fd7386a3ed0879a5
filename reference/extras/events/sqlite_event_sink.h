// Events as rows of a SQLite database, for questions that a log cannot answer:
//
//   sqlite3 events.db "select line from events where message_id = 'm-1'"
//
// Every opening of the file begins a new run, since numbers begin at 1 again.
// The columns are for questions; `event` is the whole event, serialised. The
// schema has a version: an older one is brought up to date, a newer one is
// refused. Threads: one at a time. Spec: chapter "Model and vocabulary", events.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "reference/sinks/event_sink.h"

namespace cmb::reference {

class SqliteEventSink : public EventSink {
 public:
  // Opens or creates the file. Throws std::runtime_error with a sentence that
  // names it.
  explicit SqliteEventSink(const std::string& path);
  // Commits what was written.
  ~SqliteEventSink() override;

  // Others see it after the next Flush: one transaction for all of them.
  void Write(const ack::v1::Event& event) override;
  void Flush() override;

 private:
  struct Tables;
  template <class Act>
  void With(Act act);
  void Insert(const ack::v1::Event& event);

  std::unique_ptr<Tables> tables_;
};

// The events of the last run in `path`, in order; for replay. Throws
// std::runtime_error.
std::vector<ack::v1::Event> ReadSqliteEvents(const std::string& path);

}  // namespace cmb::reference
