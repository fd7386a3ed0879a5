// Any frames on any socket of a router, from three peers, with time that passes between
// them.
#include <array>
#include <string>

#include "reference/router/router_test_bench.h"
#include "reference/shell/shell_fuzzing.h"

namespace cmb::reference {
namespace {

constexpr std::array kPeers{"sender", "target", "other"};

class Life {
 public:
  // One byte says what happens: time passes, or which peer sends on which socket.
  void Do(wire::Pieces& input) {
    const std::uint8_t act = input.TakeByte();
    if (act % 4 == 3) {
      Pass(bench_, act / 4 % 20);
      witness_.Look(bench_, kManyAnomalies);
      return;
    }
    bench_.sockets.AnswerWith("target", act > 200 ? SendResult::kUnroutable : SendResult::kSent);
    const int anomalies = Hand(bench_, act % 4, kPeers[act / 4 % 3], input.TakePiece());
    witness_.Look(bench_, anomalies);
  }

 private:
  Bench bench_;
  ShellWitness witness_;
};

}  // namespace
}  // namespace cmb::reference

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return cmb::wire::Live(cmb::reference::Life(), data, size);
}
