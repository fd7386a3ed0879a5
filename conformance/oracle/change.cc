#include "conformance/oracle/change.h"

#include <fmt/format.h>

#include "proto/wire/words.h"

namespace cmb::conformance::oracle {

using wire::Word;

Change ChangeOf(const TransitionSeen& seen) {
  Change change;
  static_cast<Mark&>(change) = seen;
  change.reason = seen.event->reason();
  change.text =
      fmt::format("'{}' {} -> {} ({})", seen.event->message_id(), Word(seen.event->old_state()),
                  Word(seen.event->new_state()), Word(change.reason));
  return change;
}

Change ChangeOf(const RetrySeen& seen) {
  Change change;
  static_cast<Mark&>(change) = seen;
  change.reason = seen.event->reason();
  change.text =
      fmt::format("the retry of '{}' ({})", seen.event->message_id(), Word(change.reason));
  return change;
}

}  // namespace cmb::conformance::oracle
