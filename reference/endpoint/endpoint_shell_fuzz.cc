// Any frames on any socket of a module that sends and executes, with sends, cancels, acts
// of the handler and time between them.
#include <string>

#include "reference/endpoint/endpoint_shell_bench.h"
#include "reference/shell/shell_fuzzing.h"

namespace cmb::reference {
namespace {

class Life {
 public:
  // One byte says what happens.
  void Do(wire::Pieces& input) {
    const std::uint8_t act = input.TakeByte();
    int anomalies = kManyAnomalies;
    switch (act % 8) {
      case 0:
      case 1:
      case 2:
        anomalies = Hand(bench_, act % 8, {}, input.TakePiece());
        break;
      case 3:
        Pass(bench_, act / 8 % 20);
        break;
      case 4:
        bench_.Sends("main", {.ttl = lifecycle::Duration{act * 100}});
        break;
      case 5:
        bench_.shell.Cancel(lifecycle::MessageId("m" + std::to_string(1 + act / 8 % 3)));
        break;
      case 6:
        Work(act / 8);
        break;
      case 7:
        bench_.sockets.AnswerWith(act < 128 ? SendResult::kSent : SendResult::kFull);
        break;
    }
    witness_.Look(bench_, anomalies);
  }

 private:
  // The handler of the oldest work acts.
  void Work(int act) {
    if (auto work = bench_.works.Pop()) {
      bench_.works.Forget(work->key);
      key_ = work->key;
    }
    const bool yes = act % 2 == 0;
    switch (act / 2 % 5) {
      case 0:
        bench_.shell.WorkStarted(key_, {.announce = yes});
        break;
      case 1:
        bench_.shell.WorkHeld(key_, lifecycle::Duration{act * 100});
        break;
      case 2:
        bench_.shell.WorkProgressed(key_, {});
        break;
      case 3:
        bench_.shell.WorkStopped(key_);
        break;
      case 4: {
        lifecycle::HandlerEnd end;
        end.status = yes ? lifecycle::Status::kSuccess : lifecycle::Status::kRejected;
        end.retryable = act > 15;
        bench_.shell.WorkEnded(key_, end);
        break;
      }
    }
  }

  EndpointBench bench_;
  ShellWitness witness_;
  lifecycle::MessageKey key_;
};

}  // namespace
}  // namespace cmb::reference

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return cmb::wire::Live(cmb::reference::Life(), data, size);
}
