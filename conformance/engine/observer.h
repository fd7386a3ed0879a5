// Executes the observations of a scenario: looks into the window, consumes,
// judges, and moves the clock where `in:` and `for:` say so. Called by the step
// runner. One thread. Scenario language, section 4.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/engine/checker.h"
#include "conformance/engine/item_judge.h"
#include "conformance/engine/look.h"
#include "conformance/engine/message_book.h"
#include "conformance/engine/timeline.h"
#include "conformance/engine/window.h"
#include "conformance/scenario/model.h"

namespace cmb::conformance::engine {

class Observer {
 public:
  // All outlive the observer.
  Observer(MessageBook& book, Window& window, Timeline& timeline, const ItemJudge& judge,
           Checker& checker);

  Look At(const scenario::Expect& expect);
  // The same of what cannot be seen: time passes.
  Look Wait(const scenario::Expect& expect);
  Look At(const scenario::ExpectNothing& nothing);
  Look At(const scenario::Never& never);  // With `for` only; else the watch does it.
  Look At(const scenario::InOrder& in_order);
  template <class Check>
  Look At(const Check& check) {
    return checker_.Check(check);
  }

  // First item, from `first` on, that `never` forbids. Absent: none.
  std::optional<std::size_t> FindForbidden(const scenario::Expectation& what,
                                           std::size_t first) const;
  // How a miss of `never` reads.
  Difference Forbidden(const scenario::Expectation& what, std::size_t index) const;

 private:
  // The instants within which an item must have been seen.
  struct Span {
    std::uint64_t from_ms = 0;  // Items before this are not looked at.
    std::uint64_t low_ms = 0;
    std::uint64_t high_ms = UINT64_MAX;
    bool timed = false;
  };

  std::optional<std::size_t> FindFirst(const scenario::Expectation& what, const std::string& alias,
                                       std::uint64_t from_ms) const;
  // Consumes and judges the item for one alias.
  std::optional<Difference> Take(const scenario::Expectation& what, const std::string& alias,
                                 std::size_t index, const Span& span);
  // Takes what is there for each pending alias. True: nothing is pending, or an
  // item differed.
  bool TakeThose(const scenario::Expectation& what, const Span& span,
                 std::vector<std::string>& pending, std::optional<Difference>& difference);
  std::string WantText(const scenario::Expectation& what, const std::string& alias,
                       const Span& span) const;
  std::string MissingText(const scenario::Expectation& what) const;
  Difference Missing(const scenario::Expectation& what, const std::string& alias,
                     const Span& span) const;
  // The record has made that move, and no event told so.
  bool MovedUnseen(const scenario::Expectation& what, const std::string& alias) const;
  bool IsOfItsWork(const Item& item, const Known& known) const;
  // Something of its kind and message was seen before.
  bool SeenBefore(const scenario::Expectation& what, const std::string& alias) const;

  MessageBook& book_;
  Window& window_;
  Timeline& timeline_;
  const ItemJudge& judge_;
  Checker& checker_;
};

}  // namespace cmb::conformance::engine
