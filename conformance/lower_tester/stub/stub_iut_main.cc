// cmb-stub-iut [MOOD]: see stub_iut.h.
#include "conformance/lower_tester/stub/stub_iut.h"

int main(int argc, char** argv) {
  return cmb::conformance::stub::StubIut(argc > 1 ? argv[1] : "honest").Run();
}
