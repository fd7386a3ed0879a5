#include "conformance/lower_tester/curve_keys.h"

#include <zmq.h>

#include <array>

namespace cmb::conformance {
namespace {

// Whose key it is that others borrow.
constexpr char kLender[] = "lender";

constexpr std::size_t kZ85Buffer = 41;  // 40 characters and the closing zero.

CurveKeyPair MakePair() {
  std::array<char, kZ85Buffer> public_key{};
  std::array<char, kZ85Buffer> secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    throw zmq::error_t();  // libzmq without CURVE: this build cannot test it at all.
  }
  return {public_key.data(), secret_key.data()};
}

void DressAsClient(zmq::socket_t& socket, const std::string& server, const CurveKeyPair& own) {
  socket.set(zmq::sockopt::curve_serverkey, server);
  socket.set(zmq::sockopt::curve_publickey, own.public_key);
  socket.set(zmq::sockopt::curve_secretkey, own.secret_key);
}

}  // namespace

CurveKeys::CurveKeys() : router_(MakePair()), foreign_(MakePair()), borrowed_(MakePair()) {}

const CurveKeyPair& CurveKeys::Of(const std::string& module) {
  const auto found = modules_.find(module);
  return found != modules_.end() ? found->second
                                 : modules_.emplace(module, MakePair()).first->second;
}

void CurveKeys::DressAsRouter(zmq::socket_t& socket) const {
  socket.set(zmq::sockopt::curve_server, true);
  socket.set(zmq::sockopt::curve_secretkey, router_.secret_key);
}

void CurveKeys::DressAsModule(zmq::socket_t& socket, const std::string& module) {
  DressAsClient(socket, router_.public_key, Of(module));
}

void CurveKeys::DressAsStranger(zmq::socket_t& socket, BadKey key) const {
  switch (key) {
    case BadKey::kForeign:
      DressAsClient(socket, router_.public_key, foreign_);
      return;
    case BadKey::kBorrowed:
      DressAsClient(socket, router_.public_key, borrowed_);
      return;
    case BadKey::kNone:
      return;
  }
}

control::v1::Curve CurveKeys::Settings(const CaseSettings& settings) {
  control::v1::Curve curve;
  curve.set_server_public(router_.public_key);
  if (settings.role != ack::v1::ROLE_ROUTER) {
    curve.set_own_public(Of(settings.module_id).public_key);
    curve.set_own_secret(Of(settings.module_id).secret_key);
    return curve;
  }
  curve.set_server_secret(router_.secret_key);
  for (const std::string& module : settings.connected) {
    control::v1::CurveKey& allowed = *curve.add_allowed();
    allowed.set_module_id(module);
    allowed.set_public_key(Of(module).public_key);
  }
  for (const auto& [name, key] : settings.bad_keys) {
    if (key == BadKey::kBorrowed) {
      control::v1::CurveKey& allowed = *curve.add_allowed();
      allowed.set_module_id(kLender);
      allowed.set_public_key(borrowed_.public_key);
      break;
    }
  }
  return curve;
}

}  // namespace cmb::conformance
