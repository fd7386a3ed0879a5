// A module that a router must refuse for its CURVE key or for its id. It knocks once on every
// socket and sees what its handshakes come to; where the router lets it in all the same, it has a
// connection like anybody's, so that the case can tell. Owned by the module side; one thread. Spec:
// chapter security.
#pragma once

#include <cstddef>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "conformance/lower_tester/bench.h"
#include "conformance/lower_tester/curve_keys.h"

namespace cmb::conformance {

class Stranger {
 public:
  // `context` outlives it. `keys` null: the case speaks no CURVE.
  Stranger(zmq::context_t& context, std::string name, std::size_t sockets, const CurveKeys* keys,
           BadKey key);

  const std::string& name() const { return name_; }

  void Knock(const std::vector<std::string>& addresses);
  // Takes note of the handshakes that have ended. True: all of them have.
  bool Decided();
  // To wait for: readable when something is to be taken note of.
  std::vector<void*> Monitors();
  // No handshake is waited for any longer: what is open counts as refused, and ends.
  void Close();

  bool IsIn(SocketNumber socket) const { return doors_[socket].state == State::kIn; }
  zmq::socket_t& socket(SocketNumber socket) { return doors_[socket].socket; }

 private:
  enum class State { kKnocking, kIn, kRefused };
  struct Door {
    zmq::socket_t socket;
    zmq::socket_t monitor;
    State state = State::kKnocking;
  };

  std::string name_;
  std::vector<Door> doors_;
};

}  // namespace cmb::conformance
