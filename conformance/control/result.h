// A value, or why there is none. Everything that may go wrong with an implementation under test
// (IUT) is a value of type Trouble: nothing on this side throws because of what an IUT does.
// Returned by the control client and the bench; read by engine and runner. Any thread.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "cmb/control/v1/control.pb.h"

namespace cmb::conformance {

// What breaks the contract, and which sentence of it. Empty: none.
struct Fault {
  std::string sentence;
  std::string requirement;

  bool operator==(const Fault&) const = default;
  friend bool operator==(const Fault& fault, const std::string& sentence) {
    return fault.sentence == sentence;
  }
};

// What went wrong. Every kind has a verdict of its own in the reports.
enum class TroubleKind {
  kCannotStart,   // The command does not exist, or it ended or stayed silent before its Hello.
  kIutCrashed,    // It said Hello and ended without being asked to.
  kUnresponsive,  // No reply to a request within the guard. It was killed.
  kGarbage,       // What came on the control channel is no reply to the request.
  kHarnessError,  // A reply that breaks the contract, an error reply, or a count that is wrong.
  kUnsupported,   // The case needs what this binding cannot carry.
  kMisuse,        // The suite asked for what it must not, for example to step over a deadline.
};

struct Trouble {
  TroubleKind kind = TroubleKind::kHarnessError;
  // One sentence for people, with numbers. No port and no process id, so that it is the same in
  // every run.
  std::string sentence;
  // The sentence that is broken: of the control channel, or what else shows only here.
  std::string requirement = {};
  bool timed_out = false;   // Of kCannotStart: it lived, and said nothing.
  bool no_process = false;  // Of kCannotStart: there is no such command.
  // Of an error reply; unspecified elsewhere.
  control::v1::ErrorKind code = control::v1::ERROR_KIND_UNSPECIFIED;
  // Last bytes that the IUT wrote to stderr and to stdout, at most kKeptOutputBytes of each.
  std::string iut_stderr;
  std::string iut_stdout;
};

// "CANNOT_START" and so on, for logs and tests.
const char* TroubleName(TroubleKind kind);

// The sentence, and in brackets the requirement that is broken, where one is.
std::string WithRequirement(const Trouble& trouble);

// Of what succeeds without a value.
struct Done {};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
  Result(Trouble trouble) : value_(std::in_place_index<1>, std::move(trouble)) {}  // NOLINT

  bool ok() const { return value_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& value() & { return std::get<0>(value_); }
  const T& value() const& { return std::get<0>(value_); }
  T&& value() && { return std::get<0>(std::move(value_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }

  // REQUIRES: !ok().
  Trouble& trouble() & { return std::get<1>(value_); }
  const Trouble& trouble() const& { return std::get<1>(value_); }
  Trouble&& trouble() && { return std::get<1>(std::move(value_)); }

 private:
  std::variant<T, Trouble> value_;
};

}  // namespace cmb::conformance
