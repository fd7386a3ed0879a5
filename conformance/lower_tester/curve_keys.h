// Key pairs of one process under CURVE: the router's, one for each module, and one that is on no
// list. Made when first asked for, kept over a crash, in no transcript. Used by the two kinds of
// data sockets and by the session. One thread. Spec: chapter security.
#pragma once

#include <map>
#include <string>
#include <zmq.hpp>

#include "cmb/control/v1/control.pb.h"
#include "conformance/lower_tester/bench.h"

namespace cmb::conformance {

// Z85, 40 characters each.
struct CurveKeyPair {
  std::string public_key;
  std::string secret_key;
};

class CurveKeys {
 public:
  CurveKeys();

  const CurveKeyPair& router() const { return router_; }
  const CurveKeyPair& Of(const std::string& module);

  // The socket is the router's; the socket is `module`'s; it is that of somebody with a bad key.
  void DressAsRouter(zmq::socket_t& socket) const;
  void DressAsModule(zmq::socket_t& socket, const std::string& module);
  void DressAsStranger(zmq::socket_t& socket, BadKey key) const;

  // What the IUT is told: a router the modules that it may let in, an endpoint its own pair.
  control::v1::Curve Settings(const CaseSettings& settings);

 private:
  CurveKeyPair router_;
  CurveKeyPair foreign_;
  CurveKeyPair borrowed_;  // On the list, of a module that does not connect.
  std::map<std::string, CurveKeyPair> modules_;
};

}  // namespace cmb::conformance
