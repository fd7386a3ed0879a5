// cmb-router: the reference router as a program.
#include "reference/program/router_cli.h"

int main(int argc, char** argv) { return cmb::reference::RouterMain(argc, argv); }
