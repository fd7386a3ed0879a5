// Any frames on any socket of a router, from three peers, with time that passes between
// them.
#include <array>
#include <string>

#include "reference/router/router_test_bench.h"
#include "reference/shell/shell_fuzzing.h"

namespace cmb::reference {
namespace {

constexpr std::array kPeers{"sender", "target", "other"};
constexpr int kManyAnomalies = 1000;

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
    const std::string header(input.TakePiece());
    bench_.sockets.AnswerWith("target", act > 200 ? SendResult::kUnroutable : SendResult::kSent);
    bench_.shell.Handle(Arriving(act % 4, kPeers[act / 4 % 3], {header, "payload"}));
    bench_.shell.Commit();
    witness_.Look(bench_, IsBatch(header) ? kManyAnomalies : 2);  // Its answer may be lost.
  }

 private:
  Bench bench_;
  ShellWitness witness_;
};

}  // namespace
}  // namespace cmb::reference

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cmb::reference::Life life;
  for (cmb::wire::Pieces input(data, size); !input.empty();) {
    life.Do(input);
  }
  return 0;
}
