#include "reference/shell/curve.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <zmq.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

namespace cmb::reference {
namespace {

constexpr std::size_t kKeyCharacters = 40;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kLongestModuleId = 255;

[[noreturn]] void Refuse(const std::string& path, std::size_t line, const std::string& sentence) {
  throw CurveError(fmt::format("{}:{}: {}", path, line, sentence));
}

std::ifstream Open(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    throw CurveError(fmt::format("{}: cannot be read ({}); check the path and who may read it",
                                 path, std::strerror(errno)));
  }
  if (std::filesystem::is_directory(path)) {
    throw CurveError(fmt::format("{}: is a directory; name a file in it", path));
  }
  return file;
}

// Calls `take` with the two words of every line that is not empty and no
// comment, and the line's number. A third word is refused (CMB-SEC-016).
void ReadPairs(
    const std::string& path,
    const std::function<void(const std::string&, const std::string&, std::size_t)>& take) {
  std::ifstream file = Open(path);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    std::istringstream words(line);
    std::string first;
    std::string second;
    std::string third;
    words >> first;
    if (first.empty() || first.front() == '#') {
      continue;
    }
    words >> second >> third;
    if (second.empty() || !third.empty()) {
      Refuse(path, number, "two words are expected: a name and a key; separate them by a space");
    }
    if (!IsCurveKey(second)) {
      Refuse(path, number,
             fmt::format("\"{}\" is no CURVE key; one is 40 characters of Z85, as "
                         "cmb-router --new-curve-key writes it",
                         first == "secret" ? "(the secret)" : second));
    }
    take(first, second, number);
  }
}

}  // namespace

bool IsCurveKey(const std::string& key) {
  std::array<std::uint8_t, kKeyBytes> bytes{};
  return key.size() == kKeyCharacters && zmq_z85_decode(bytes.data(), key.c_str()) != nullptr;
}

CurveKeys NewCurveKeys() {
  std::array<char, kKeyCharacters + 1> public_key{};
  std::array<char, kKeyCharacters + 1> secret_key{};
  if (zmq_curve_keypair(public_key.data(), secret_key.data()) != 0) {
    throw CurveError("this libzmq was built without CURVE; install one that has it");
  }
  return {public_key.data(), secret_key.data()};
}

CurveKeys ReadCurveKeys(const std::string& path) {
  CurveKeys keys;
  ReadPairs(path, [&](const std::string& name, const std::string& key, std::size_t line) {
    if (name != "public" && name != "secret") {
      Refuse(path, line, fmt::format("\"{}\" where \"public\" or \"secret\" is expected", name));
    }
    std::string& slot = name == "public" ? keys.public_key : keys.secret_key;
    if (!slot.empty()) {
      Refuse(path, line, fmt::format("a second {} key; leave one", name));
    }
    slot = key;
  });
  if (keys.public_key.empty() || keys.secret_key.empty()) {
    throw CurveError(
        fmt::format("{}: a public and a secret key are expected; cmb-router "
                    "--new-curve-key FILE writes such a file",
                    path));
  }
  std::array<char, kKeyCharacters + 1> derived{};
  zmq_curve_public(derived.data(), keys.secret_key.c_str());
  if (keys.public_key != derived.data()) {
    throw CurveError(fmt::format("{}: the public key is not that of the secret key", path));
  }
  return keys;
}

std::string ReadPublicKey(const std::string& path) {
  std::ifstream file = Open(path);
  std::string key;
  std::string more;
  file >> key >> more;
  // What stands there may be a secret key, and is not repeated.
  if (!IsCurveKey(key) || !more.empty()) {
    throw CurveError(
        fmt::format("{}: a public key and nothing else is expected; it is what cmb-router "
                    "--new-curve-key prints, and the word behind \"public\" in the file that it "
                    "makes",
                    path));
  }
  return key;
}

void WriteCurveKeys(const std::string& path, const CurveKeys& keys) {
  const std::string text =
      fmt::format("# made by cmb-router --new-curve-key\npublic  {}\nsecret  {}\n", keys.public_key,
                  keys.secret_key);
  // Never over another key, and for nobody else to read.
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    throw CurveError(fmt::format(
        "{}: cannot be made ({}); name a file that is not there yet, where this user may write",
        path, std::strerror(errno)));
  }
  const auto written = write(fd, text.data(), text.size());
  const bool closed = close(fd) == 0;
  if (written != static_cast<ssize_t>(text.size()) || !closed) {
    throw CurveError(fmt::format("{}: cannot be written ({})", path, std::strerror(errno)));
  }
}

AllowList ReadAllowList(const std::string& path) {
  AllowList allowed;
  ReadPairs(path, [&](const std::string& module, const std::string& key, std::size_t line) {
    if (module.front() == '@' || module.size() > kLongestModuleId) {
      Refuse(path, line, fmt::format("\"{}\" is no module id", module));
    }
    const auto [known, is_new] = allowed.emplace(key, module);
    if (!is_new) {
      Refuse(
          path, line,
          fmt::format("this key belongs to {} already; give every module its own", known->second));
    }
  });
  return allowed;
}

}  // namespace cmb::reference
