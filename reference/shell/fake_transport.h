// A Transport that keeps what it is given, for tests of what sends through one.
//
// Header only, as its users are tests. Threads: the test's.
#pragma once

#include <string>
#include <vector>

#include "proto/wire/frame_codec.h"
#include "reference/shell/transport.h"

namespace cmb::reference {

class FakeTransport : public Transport {
 public:
  struct Sent {
    std::size_t socket = 0;
    std::string peer;
    ack::v1::CognitiveMessage header;
    std::string payload;
    const void* payload_at = nullptr;  // Where its bytes were.
  };

  // What the next sends answer; they are kept only with kSent.
  void AnswerWith(SendResult result) { result_ = result; }

  SendResult Send(std::size_t socket, std::string_view peer, std::string_view header,
                  zmq::message_t payload) override {
    if (result_ == SendResult::kSent) {
      Sent& sent = sent_.emplace_back(
          Sent{socket, std::string(peer), {}, payload.to_string(), payload.data()});
      static_cast<void>(wire::DecodeHeader(header, sent.header));
    }
    return result_;
  }

  const std::vector<Sent>& sent() const { return sent_; }

 private:
  SendResult result_ = SendResult::kSent;
  std::vector<Sent> sent_;
};

}  // namespace cmb::reference
