// CURVE for the data sockets: the keys of a router and its allow-list, the keys
// of an endpoint, and the files that hold them.
//
// Keys are Z85, 40 characters. Values; reading is called by the programs and the
// harness before they open sockets. Spec: chapter "Authority and security",
// CURVE.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

namespace cmb::reference {

// A key or a file of keys is wrong. what() is FILE:LINE: cause; remedy.
class CurveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct CurveKeys {
  std::string public_key;
  std::string secret_key;
};

// Public key -> the module that owns it. A module may own several keys, so that
// one can be replaced without a pause; a key belongs to one module.
using AllowList = std::map<std::string, std::string>;

struct CurveRouter {
  CurveKeys own;
  AllowList allowed;
};

struct CurveEndpoint {
  std::string router_public;
  CurveKeys own;
};

// True if `key` is 40 characters of Z85.
bool IsCurveKey(const std::string& key);

// A pair that nobody has had before.
CurveKeys NewCurveKeys();

// A file of keys, readable by its owner alone:
//
//   # made by cmb-router --new-curve-key
//   public  rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7
//   secret  JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6
//
// Reading throws CurveError, writing also where the file is there already.
CurveKeys ReadCurveKeys(const std::string& path);
void WriteCurveKeys(const std::string& path, const CurveKeys& keys);

// A file with one public key and nothing else, as
//   cmb-router --new-curve-key FILE > THIS
// leaves it. Throws CurveError.
std::string ReadPublicKey(const std::string& path);

// A file with one line for each key: module id and public key. `#` begins a
// comment at the start of a line. Throws CurveError.
AllowList ReadAllowList(const std::string& path);

}  // namespace cmb::reference
