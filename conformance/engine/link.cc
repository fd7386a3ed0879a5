#include "conformance/engine/link.h"

#include <memory>
#include <utility>

namespace cmb::conformance::engine {
namespace {

// The module whose link with the router a frame takes: at a router that of the
// connection, at an endpoint its own.
std::string LinkOf(const scenario::Case& scenario, const std::string& peer) {
  switch (scenario.role) {
    case ack::v1::ROLE_SENDER:
      return "sender";
    case ack::v1::ROLE_TARGET:
      return "target";
    case ack::v1::ROLE_ROUTER:
    case ack::v1::ROLE_UNSPECIFIED:
    default:  // An open enum.
      break;
  }
  return ModuleOf(peer);
}

}  // namespace

Link::Link(const scenario::Case& scenario, const FrameFactory& factory, Timeline& timeline,
           FaultPipeline& pipeline)
    : scenario_(scenario), factory_(factory), timeline_(timeline), pipeline_(pipeline) {}

void Link::Begin() {
  begun_ = true;
  begin_ms_ = timeline_.now_ms();
}

void Link::PutRaw(WireMessage message, std::vector<WireMessage>* group) {
  if (group != nullptr) {
    group->push_back(std::move(message));
    return;
  }
  timeline_.Schedule(0, std::vector{std::move(message)});
}

void Link::Put(Draft draft, Bending bending, std::vector<WireMessage>* group) {
  if (!Bends() || bending == Bending::kNone) {
    PutRaw(factory_.Encode(draft), group);
    return;
  }
  Crossing crossing;
  crossing.header = &draft.header;
  crossing.link = LinkOf(scenario_, draft.author);
  crossing.toward = scenario_.role == ack::v1::ROLE_ROUTER ? "router" : crossing.link;
  // A frame that is held arrives after this call, when the group has gone.
  const auto together = std::make_shared<std::vector<WireMessage>*>(group);
  const auto arrive = [this, draft, together](std::uint64_t delay_ms, const scenario::Harm& harm) {
    Draft copy = draft;
    if (harm.kind != scenario::Harm::Kind::kNone) {
      copy.harm = harm;
    }
    if (delay_ms == 0) {
      PutRaw(factory_.Encode(copy), *together);
    } else {
      timeline_.Schedule(delay_ms, std::vector{factory_.Encode(copy)});
    }
  };
  pipeline_.Cross(crossing, timeline_.now_ms() - begin_ms_, arrive);
  *together = nullptr;
}

void Link::Hear(const Item& item) {
  if (!Bends() || !item.frame || !react_) {
    return;
  }
  Crossing crossing;
  crossing.header = &item.frame->header;
  crossing.link = LinkOf(scenario_, item.peer);
  crossing.toward = scenario_.role == ack::v1::ROLE_ROUTER ? crossing.link : "router";
  const auto arrive = [this, item](std::uint64_t delay_ms, const scenario::Harm& harm) {
    // The well-behaved peers drop what was corrupted on its way.
    if (harm.kind == scenario::Harm::Kind::kNone) {
      timeline_.Schedule(delay_ms, [this, item] { react_(item); });
    }
  };
  pipeline_.Cross(crossing, timeline_.now_ms() - begin_ms_, arrive);
}

}  // namespace cmb::conformance::engine
