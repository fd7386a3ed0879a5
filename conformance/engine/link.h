// The way between the suite's peers and the IUT: what the peers say passes the
// fault pipeline and is scheduled; what the IUT sends passes it too, and then
// the well-behaved peers hear it. Played by hand, nothing is bent and nobody
// answers. Called by the actor, the timeline and the peers. One thread.
// Scenario language, section 6.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "conformance/engine/fault_pipeline.h"
#include "conformance/engine/frame_factory.h"
#include "conformance/engine/timeline.h"

namespace cmb::conformance::engine {

// Whether the faults of the case may take a frame. An `ack` beside faults is an
// extra frame, which they do not.
enum class Bending { kFaults, kNone };

class Link {
 public:
  // A frame of the IUT has arrived at the suite's peers.
  using React = std::function<void(const Item&)>;

  // All outlive the link.
  Link(const scenario::Case& scenario, const FrameFactory& factory, Timeline& timeline,
       FaultPipeline& pipeline);

  void OnArrival(React react) { react_ = std::move(react); }

  // Until then (during `given`) nothing is bent and nobody answers. From then
  // on `during:` of a fault counts.
  void Begin();

  // Sends a frame to the IUT, at this instant unless a fault delays it. With
  // `group`, what is sent at this instant is put there instead, for one Advance.
  void Put(Draft draft, Bending bending, std::vector<WireMessage>* group = nullptr);
  void PutRaw(WireMessage message, std::vector<WireMessage>* group = nullptr);

  // The IUT sent this.
  void Hear(const Item& item);

 private:
  bool Bends() const { return begun_ && scenario_.well_behaved; }

  const scenario::Case& scenario_;
  const FrameFactory& factory_;
  Timeline& timeline_;
  FaultPipeline& pipeline_;
  React react_;
  bool begun_ = false;
  std::uint64_t begin_ms_ = 0;
};

}  // namespace cmb::conformance::engine
