// A message channel: its name in headers, and where it is.
//
// A value. Spec: chapter "Wire binding", sockets.
#pragma once

#include <string>

namespace cmb::reference {

struct ChannelAddress {
  std::string name;
  std::string address;  // tcp://127.0.0.1:6001
};

}  // namespace cmb::reference
