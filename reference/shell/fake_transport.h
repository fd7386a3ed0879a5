// A Transport that keeps what it is given, for tests of what sends through one.
//
// Header only, as its users are tests. Threads: the test's.
#pragma once

#include <map>
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
  // The same for one peer alone.
  void AnswerWith(const std::string& peer, SendResult result) { of_peers_[peer] = result; }

  SendResult Send(std::size_t socket, std::string_view peer, std::string_view header,
                  zmq::message_t payload) override {
    const auto of_peer = of_peers_.find(std::string(peer));
    const SendResult result = of_peer == of_peers_.end() ? result_ : of_peer->second;
    if (result == SendResult::kSent) {
      Sent& sent = sent_.emplace_back(
          Sent{socket, std::string(peer), {}, payload.to_string(), payload.data()});
      static_cast<void>(wire::DecodeHeader(header, sent.header));
    }
    return result;
  }

  const std::vector<Sent>& sent() const { return sent_; }
  void Forget() { sent_.clear(); }

 private:
  SendResult result_ = SendResult::kSent;
  std::map<std::string, SendResult> of_peers_;
  std::vector<Sent> sent_;
};

}  // namespace cmb::reference
