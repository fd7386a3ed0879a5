// The acts that a scenario is drawn from, for each role. All but DrawScenario draw, so only while
// there is a Drawing.
#pragma once

#include "conformance/explore/genome.h"
#include "conformance/explore/script.h"

namespace cmb::conformance::explore {

// The scenario of these seeds for the role of `claims`, as a document that the loader reads. It may
// still be one that the loader refuses.
scenario::Node DrawScenario(const Claims& claims, const std::string& id, const Genome& genome);

// An ACK of any type, status and code, mostly about a message that exists and by its rightful
// author, else not. `in_batch`: as a member of a batch.
Fields DrawAck(const Script& script, bool in_batch);
scenario::Node DrawBatch(const Script& script);

// A message of the application or, to a router or target, of a peer; declares it.
Fields DrawSend(Script& script);
// `given`: where the case begins; declares it.
Fields DrawGiven(Script& script);
// The same ids again.
Fields DrawResend(const Script& script);
// What the target's handler does.
scenario::Node DrawWork(Script& script);

// `config` and `peers`.
Fields DrawHeader(const Script& script);
void PutFaults(Script& script, Fields& header);
// A reconcile window: of any length where nothing is cancelled.
std::uint64_t DrawWindowMs(const Script& script);

}  // namespace cmb::conformance::explore
