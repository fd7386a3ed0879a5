// The command line of cmb-router.
//
// Called by main. Threads: main's. Exit codes: 0 stopped cleanly, 2 it could
// not run, 64 wrong use.
#pragma once

namespace cmb::reference {

int RouterMain(int argc, char** argv);

}  // namespace cmb::reference
