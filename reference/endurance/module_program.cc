#include "reference/endurance/module_program.h"

#include <CLI/CLI.hpp>
#include <cstdio>

#include "reference/cli/command_line.h"

namespace cmb::reference {

EndpointOptions EndpointOf(const std::string& module_id, const ModuleOptions& options,
                           TxStore& store) {
  EndpointOptions endpoint;
  endpoint.module_id = module_id;
  endpoint.channels = {{"main", options.main}};
  endpoint.ack_ingress = options.ack_ingress;
  endpoint.ack_egress = options.ack_egress;
  endpoint.store = &store;
  return endpoint;
}

int ModuleMain(int argc, char** argv, const std::string& about,
               const std::function<void(const ModuleOptions&)>& run) {
  CLI::App app{about};
  ModuleOptions options;
  app.add_option("--main", options.main, "Address of the channel main")->required();
  app.add_option("--ack-ingress", options.ack_ingress, "Address")->required();
  app.add_option("--ack-egress", options.ack_egress, "Address")->required();
  app.add_option("--store", options.store, "File of the store")->required();
  app.add_option("--notes", options.notes, "File of what it did")->required();
  app.add_option("--in-flight", options.in_flight, "Messages without an outcome at a time");
  if (const auto code = ParseCommandLine(app, argc, argv)) {
    return *code;
  }
  try {
    run(options);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 2;
  }
  return 0;
}

}  // namespace cmb::reference
