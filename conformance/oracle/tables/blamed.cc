#include "conformance/oracle/tables/blamed.h"

#include <algorithm>

namespace cmb::conformance::oracle::tables {
namespace {

const FrameSeen* FrameAt(std::size_t entry, const Step& step) {
  const auto& frames = step.seen.frames;
  const auto found = std::find_if(frames.begin(), frames.end(),
                                  [&](const FrameSeen& frame) { return frame.entry == entry; });
  return found == frames.end() || found->header == nullptr ? nullptr : &*found;
}

const ack::v1::Event* EventAt(std::size_t entry, const Step& step) {
  const auto& events = step.seen.events;
  const auto found = std::find_if(events.begin(), events.end(),
                                  [&](const auto& event) { return event.first == entry; });
  return found == events.end() ? nullptr : found->second;
}

// The first sentence that something breaks which was seen and is not as expected.
std::string_view OfOdd(const Difference& difference, const Step& step, const Model& model) {
  for (const std::size_t entry : difference.odd) {
    const FrameSeen* frame = FrameAt(entry, step);
    const ack::v1::Event* event = EventAt(entry, step);
    const std::string_view own = frame != nullptr   ? model.OfOdd(*frame)
                                 : event != nullptr ? model.OfOdd(*event)
                                                    : "";
    if (!own.empty()) {
      return own;
    }
  }
  return "";
}

// A store that reads its instants on the wall clock (14.5).
bool FollowsTheWall(const Step& step, const World& world) {
  const ArmedTimer* next = world.timers.Next();
  if (!step.in.starts || world.wall_jumped_ms == 0 || next == nullptr) {
    return false;
  }
  const auto moved = static_cast<std::int64_t>(next->deadline_ms) - world.wall_jumped_ms;
  const auto now = static_cast<std::int64_t>(world.now_ms);
  return step.seen.control->reply.next_deadline().ms() ==
         static_cast<std::uint64_t>(std::max(moved, now));
}

}  // namespace

std::string_view Blamed(const Difference& difference, const Step& step, const Model& model) {
  const FrameSeen* frame = FrameAt(difference.entry, step);
  const ack::v1::Event* event = EventAt(difference.entry, step);
  const std::string_view own = !difference.too_many ? OfOdd(difference, step, model)
                               : frame != nullptr   ? model.RuledOutBy(*frame->header)
                               : event != nullptr   ? model.RuledOutBy(*event)
                                                    : "";
  if (!own.empty() || !difference.requirement.empty()) {
    return own.empty() ? difference.requirement : own;
  }
  return frame != nullptr   ? model.RequirementOf(*frame->header)
         : event != nullptr ? model.RequirementOf(*event)
                            : "CMB-CTL-014";  // A timer that nothing armed.
}

std::string_view OfMovedTimers(const Step& step, const World& world) {
  if (step.seen.control->request.has_wall_jump() || FollowsTheWall(step, world)) {
    return "CMB-TMR-001";
  }
  return BringsPingsAlone(step) ? "CMB-WIRE-015" : BringsQuestionsAlone(step) ? "CMB-INS-008" : "";
}

}  // namespace cmb::conformance::oracle::tables
