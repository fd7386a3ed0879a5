#include "reference/harness/stdio_link.h"

#include <google/protobuf/util/json_util.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace cmb::reference {

// Blocks while nobody reads, as any program's output does.
void StdioLink::Send(const control::v1::FromHarness& message) {
  std::string line;
  if (!google::protobuf::util::MessageToJsonString(message, &line).ok()) {
    line.clear();  // No UTF-8 somewhere: the runner reports the empty line.
  }
  line += '\n';
  for (std::size_t written = 0; written < line.size();) {
    const auto count = ::write(STDOUT_FILENO, line.data() + written, line.size() - written);
    if (count < 0 && errno != EINTR) {
      ended_ = true;
      return;
    }
    written += count < 0 ? 0 : static_cast<std::size_t>(count);
  }
}

std::optional<control::v1::Request> StdioLink::Receive() {
  auto end = read_.find('\n');
  if (end == std::string::npos) {
    ReadMore();
    end = read_.find('\n');
  }
  if (end == std::string::npos) {
    return std::nullopt;
  }
  control::v1::Request request;
  const bool parsed =
      google::protobuf::util::JsonStringToMessage(read_.substr(0, end), &request).ok();
  read_.erase(0, end + 1);
  return parsed ? request : control::v1::Request();
}

zmq::pollitem_t StdioLink::PollItem() { return {nullptr, STDIN_FILENO, ZMQ_POLLIN, 0}; }

// All that is there; a line longer than the pipe comes in pieces.
void StdioLink::ReadMore() {
  std::array<char, 64 * 1024> buffer;
  pollfd in{STDIN_FILENO, POLLIN, 0};
  while (!ended_ && read_.find('\n') == std::string::npos && poll(&in, 1, 0) > 0) {
    const auto count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count > 0) {
      read_.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      ended_ = true;
    }
  }
}

}  // namespace cmb::reference
