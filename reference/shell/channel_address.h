// A message channel: its name in headers, and where it is.
//
// A value. Spec: chapter "Wire binding", sockets.
#ifndef REFERENCE_SHELL_CHANNEL_ADDRESS_H_
#define REFERENCE_SHELL_CHANNEL_ADDRESS_H_

#include <string>

namespace cmb::reference {

struct ChannelAddress {
  std::string name;
  std::string address;  // tcp://127.0.0.1:6001
};

}  // namespace cmb::reference

#endif  // REFERENCE_SHELL_CHANNEL_ADDRESS_H_
