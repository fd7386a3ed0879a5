// What a LockStepBench is made of. Private to the two files of the bench; one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "conformance/lower_tester/curve_keys.h"
#include "conformance/lower_tester/iut_session.h"
#include "conformance/lower_tester/lock_step_bench.h"
#include "conformance/lower_tester/store_directory.h"

namespace cmb::conformance {

inline Trouble NoCase() {
  Trouble trouble;
  trouble.kind = TroubleKind::kMisuse;
  trouble.sentence = "no case has been started";
  return trouble;
}

struct LockStepBench::Impl {
  explicit Impl(LockStepOptions options_of) : options(std::move(options_of)), context(1) {}

  // What `trouble` means for the process: it dies, unless the suite alone is to blame.
  Trouble Fail(Trouble trouble) {
    if (trouble.kind != TroubleKind::kMisuse && trouble.kind != TroubleKind::kUnsupported) {
      last_stderr = trouble.iut_stderr;
      DropProcess();
    }
    return trouble;
  }

  // The process ends, and what was its own: the next case gets a new one.
  void DropProcess() {
    session.reset();
    store.reset();
    keys.reset();
    crashed.reset();
    in_case = false;
    clean = false;
  }

  Result<Done> EnsureProcess();
  // Of an IUT without virtual_clock. Absent: it has one, or there is a pace.
  std::optional<Trouble> NeedsPace();
  // Where attached processes say Hello, bound when the first is waited for.
  Result<std::shared_ptr<ControlLink>> AttachedLink();
  // Store and keys, then Configure to Begin.
  Result<Exchange> BeginProcess(const CaseSettings& settings);
  Result<StepResult> Change(Result<Exchange> exchange);
  Result<Done> Finish(Exchange exchange, StepResult& step);
  Result<bool> AnswerPings(const std::vector<WireMessage>& received);

  LockStepOptions options;
  zmq::context_t context;
  std::optional<control::v1::Pics> claims;
  std::unique_ptr<StoreDirectory> store;       // Of a role that is claimed DURABLE.
  std::unique_ptr<CurveKeys> keys;             // Of cases under CURVE.
  std::shared_ptr<ControlLink> attached_link;  // Outlives the sessions that use it.
  std::unique_ptr<IutSession> session;
  // What the process was configured with when it was killed; it starts again with the same.
  struct Crashed {
    CaseSettings settings;
    VirtualTime at{};
  };
  std::optional<Crashed> crashed;
  bool in_case = false;      // StartCase succeeded; EndCase or a trouble has not come.
  bool clean = false;        // The closing check passed: Reset is allowed.
  bool input_ended = false;  // Of some process, whose end was judged.
  std::string last_stderr;
  std::optional<WallPace> pace;
  WallFindings findings;
  BenchCounts counts;
};

}  // namespace cmb::conformance
