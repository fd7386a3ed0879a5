#include "conformance/explore/numbers.h"

#include <algorithm>

namespace cmb::conformance::explore {
namespace {

constexpr std::uint64_t kWeekMs = 604'800'000;
constexpr std::uint64_t kHundredYearsMs = 3'155'760'000'000;
constexpr std::uint64_t kTwo31 = 1ULL << 31;
constexpr std::uint64_t kTwo32 = 1ULL << 32;
constexpr std::uint64_t kTwo53 = 1ULL << 53;
constexpr std::uint64_t kTwo63 = 1ULL << 63;

std::uint64_t Drawn(const std::vector<std::uint64_t>& usual,
                    const std::vector<std::uint64_t>& edges) {
  return OneIn(5) ? OneOf(edges) : OneOf(usual);
}

}  // namespace

std::string Ms(std::uint64_t milliseconds) { return std::to_string(milliseconds) + "ms"; }

std::uint64_t DrawTimerMs() {
  static const std::vector<std::uint64_t> kUsual{500, 1'000, 1'000, 2'000, 3'000, 5'000, 10'000};
  static const std::vector<std::uint64_t> kEdges{1,      2,       999,         1'001,
                                                 30'000, 300'000, kWeekMs - 1, kWeekMs};
  return Drawn(kUsual, kEdges);
}

std::uint64_t DrawLifeMs() {
  static const std::vector<std::uint64_t> kUsual{1'000,  2'000,  3'000,  5'000,
                                                 10'000, 20'000, 60'000, 300'000};
  // The language knows no duration above a thousand years.
  static const std::vector<std::uint64_t> kEdges{0,
                                                 1,
                                                 2,
                                                 999,
                                                 1'001,
                                                 kTwo31 - 1,
                                                 kTwo31,
                                                 kTwo32 - 1,
                                                 kTwo32 + 1,
                                                 kWeekMs,
                                                 kWeekMs + 1,
                                                 kHundredYearsMs - 1,
                                                 kHundredYearsMs,
                                                 kHundredYearsMs + 1};
  return Drawn(kUsual, kEdges);
}

std::uint64_t DrawAny64() {
  static const std::vector<std::uint64_t> kAll{0,
                                               1,
                                               2,
                                               3,
                                               7,
                                               1'000,
                                               5'000,
                                               10'000,
                                               kTwo31 - 1,
                                               kTwo31,
                                               kTwo31 + 1,
                                               kTwo32 - 1,
                                               kTwo32,
                                               kTwo32 + 1,
                                               kTwo53 - 1,
                                               kTwo53,
                                               kTwo53 + 1,
                                               kWeekMs,
                                               kWeekMs + 1,
                                               kHundredYearsMs - 1,
                                               kHundredYearsMs,
                                               kHundredYearsMs + 1,
                                               kTwo63 - 1,
                                               kTwo63,
                                               ~0ULL - 1,
                                               ~0ULL};
  return OneOf(kAll);
}

std::uint64_t DrawAny32() {
  static const std::vector<std::uint64_t> kAll{
      0, 1, 2, 3, 7, 99, 100, 101, 1'000, kTwo31 - 1, kTwo31, kTwo31 + 1, kTwo32 - 1};
  return OneOf(kAll);
}

std::uint64_t DrawAttempt() {
  static const std::vector<std::uint64_t> kUsual{1, 1, 2, 2, 3};
  static const std::vector<std::uint64_t> kEdges{0, 4, 5, 100, 101, 999, 1'000, kTwo31, kTwo32 - 1};
  return Drawn(kUsual, kEdges);
}

namespace {

void PutBackoff(Fields& fields) {
  static const std::vector<std::uint64_t> kWaits{0, 1, 500, 1'000, 2'000, 3'000, 30'000, kWeekMs};
  static const std::vector<std::string> kFactors{"1", "1.5", "2", "3", "10"};
  Fields backoff;
  backoff.Put("first", Ms(OneOf(kWaits)));
  if (OneIn(2)) {
    backoff.Put("factor", OneOf(kFactors));
  }
  if (OneIn(2)) {
    backoff.Put("max", Ms(OneOf(kWaits)));
  }
  fields.Put("backoff", backoff.node());
}

void PutCodes(Fields& fields) {
  static const std::vector<std::string> kCodes{"BUFFER_FULL", "NO_ROUTE",     "ACK_TIMEOUT",
                                               "OVERLOADED",  "TOOL_TIMEOUT", "INTERNAL_ERROR"};
  std::vector<std::string> codes;
  for (const std::string& code : kCodes) {
    if (OneIn(2)) {
      codes.push_back(code);
    }
  }
  if (!codes.empty()) {
    fields.Put("retryable", List(codes));
  }
}

}  // namespace

void PutPolicy(Fields& fields, bool cancels, bool sent_by_iut) {
  static const std::vector<std::string> kStages{"ROUTER_ACK", "DELIVERY_ACK", "EXECUTION_ACK"};
  static const std::vector<std::string> kRetries{"0", "1", "1", "2", "3", "99", "100"};
  for (const char* key : {"router_ack", "delivery_ack", "execution"}) {
    if (OneIn(3)) {
      fields.Put(key, Ms(DrawTimerMs()));
    }
  }
  if (OneIn(3)) {
    const std::uint64_t life = DrawLifeMs();
    fields.Put("ttl", Ms(sent_by_iut ? std::min(life, kWeekMs) : life));
  }
  if (OneIn(3)) {
    fields.Put("max_retries", OneOf(kRetries));
  }
  if (OneIn(4)) {
    PutBackoff(fields);
  }
  if (OneIn(5)) {
    fields.Put("required_ack", OneOf(kStages));
  }
  if (OneIn(6)) {
    PutCodes(fields);
  }
  if (cancels && OneIn(5)) {
    fields.Put("cancel_on_timeout", "true");
  }
  if (OneIn(12)) {
    fields.Put("policy", "absent");
  }
}

}  // namespace cmb::conformance::explore
