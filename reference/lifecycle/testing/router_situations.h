// For every event of spec/machines/router.yaml: how m1 comes to the state in
// which the event finds it, and how the event is applied. Header-only; used by
// tests alone.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reference/lifecycle/testing/router_story.h"

namespace cmb::lifecycle::testing {

// How m1 comes to its state before the event.
struct RouterSetting {
  Attempt attempt = 1;
  std::uint32_t max_deliveries = 5;
  Duration ttl{300000};
  bool re_forwarding = false;  // DELIVERED, and a copy of the next attempt came.
  Profile profile = Profile::kDurable;
  std::size_t marks = 1000;
};

struct RouterRow {
  RouterSetting setting;
  std::function<std::string(RouterStory&)> apply;
  std::string type = {};  // The reason where the table says `type`.
};

using RouterRows = std::map<std::string, std::vector<RouterRow>>;

inline RouterSetting ReForwarding() {
  RouterSetting setting;
  setting.re_forwarding = true;
  return setting;
}

inline RouterSetting WithoutRoomForMarks() {
  RouterSetting setting;
  setting.marks = 0;
  return setting;
}

inline void Take(RouterStory& router, const std::string& state, const RouterSetting& setting) {
  const MessageIn copy = Copy("m1", setting.attempt, setting.ttl);
  if (state == "REJECTED") {
    router.absent = {ModuleId("target")};
  }
  if (state != "NONE") {
    router.Takes(copy);
  }
  router.absent.clear();
  if (state == "DELIVERED") {
    router.Hears(Progressing(setting.attempt));
    if (setting.re_forwarding) {
      router.Takes(Copy("m1", setting.attempt + 1, setting.ttl));
    }
  } else if (state == "SETTLED") {
    router.Hears(Executed(Status::kSuccess, setting.attempt));
  } else if (state == "DEAD_LETTERED") {
    router.Waits(9 * kSecond);
  } else if (state == "CANCELLED") {
    router.Hears(Cancel(setting.attempt));
  }
  ASSERT_EQ(router.State(), state);
}

inline RouterRow Hear(RouterSetting setting, AckIn ack, std::string type = {}) {
  return {setting, [ack](RouterStory& router) { return router.Hears(ack); }, std::move(type)};
}

inline RouterRow Take(RouterSetting setting, MessageIn message) {
  return {setting, [message](RouterStory& router) { return router.Takes(message); }};
}

inline std::string WaitsForTimer(RouterStory& router) {
  const Timer next = router.core().NextTimer(TimerClass::kProtocol).value();
  return router.Waits(next.deadline - router.now());
}

inline std::string TakesAClosedCopy(RouterStory& router) {
  // Giving up closes attempt 1 everywhere; in FORWARDING it ends that state,
  // to which the next attempt returns.
  const bool forwarding = router.State() == "FORWARDING";
  router.Hears(GivesUp(1));
  if (forwarding) {
    router.Takes(Copy("m1", 2));
  }
  return router.Takes(Copy("m1", 1));
}

inline void AddMessages(RouterRows& rows) {
  MessageIn bad = Copy();
  bad.schema_version = 7;
  MessageIn bad_again = bad;
  bad_again.attempt = 2;
  rows["MESSAGE [new, acceptable]"] = {Take({}, Copy())};
  rows["MESSAGE [new, not acceptable]"] = {Take({}, bad)};
  rows["MESSAGE [new, not acceptable, no room]"] = {Take(WithoutRoomForMarks(), bad)};
  rows["MESSAGE [higher, acceptable]"] = {Take({}, Copy("m1", 2)),
                                          Take(ReForwarding(), Copy("m1", 3))};
  RouterSetting two_deliveries;
  two_deliveries.max_deliveries = 2;
  rows["MESSAGE [higher, all forwards made]"] = {{two_deliveries, [](RouterStory& router) {
                                                    router.Waits(kSecond);
                                                    return router.Takes(Copy("m1", 2));
                                                  }}};
  rows["MESSAGE [higher, not acceptable]"] = {Take({}, bad_again)};
  rows["MESSAGE [not higher]"] = {Take({}, Copy())};
  rows["MESSAGE [closed]"] = {{{}, TakesAClosedCopy}};
}

// A situation in FORWARDING, and the same while re-forwarding in DELIVERED.
inline std::vector<RouterRow> BothPhases(RouterSetting setting) {
  setting.re_forwarding = true;
  return {{setting, WaitsForTimer}};
}

inline void AddTimers(RouterRows& rows) {
  RouterSetting one_delivery;
  one_delivery.max_deliveries = 1;  // So that no redelivery comes before it.
  RouterSetting short_life;
  short_life.ttl = Duration{500};
  rows["redelivery timer"] = BothPhases({});
  rows["delivery phase ends"] = BothPhases(one_delivery);
  rows["TTL ends"] = BothPhases(short_life);
  rows["channel is gone [DURABLE]"] = {
      {ReForwarding(), [](RouterStory& router) { return router.LosesItsChannel(); }}};
  rows["record expires"] = {{{}, [](RouterStory& router) {
                               // A letter waits until somebody deals with it.
                               router.core().Purge({ModuleId("sender"), {}, {}}, router.now());
                               return router.Waits(3600 * kSecond);
                             }}};
}

inline std::string Restarts(RouterStory& router) { return router.Restarts(); }

inline void AddDeadLettersAndRestarts(RouterRows& rows) {
  rows["letter expires"] = {{{}, [](RouterStory& router) {
                               return router.Waits(RouterConfig().dead_letter + Duration{1});
                             }}};
  rows["REDRIVE"] = {{{}, [](RouterStory& router) { return router.Redrives("m1", "m2"); }}};
  rows["redriven"] = {{{}, [](RouterStory& router) {
                         router.Takes(Copy("m0"));
                         router.Waits(9 * kSecond);
                         return router.Redrives("m0", "m1");
                       }}};
  rows["PURGE"] = {{{}, [](RouterStory& router) {
                      router.core().Purge({ModuleId("sender"), {}, MessageId("m1")}, router.now());
                      return std::string();
                    }}};
  RouterSetting forgetful;
  forgetful.profile = Profile::kTracked;
  rows["restart [DURABLE]"] = {{{}, Restarts}, {ReForwarding(), Restarts}};
  rows["restart [not DURABLE]"] = {{forgetful, Restarts}};
}

inline AckIn RetryableRefusal(Attempt attempt) {
  AckIn ack = Executed(Status::kRejected, attempt);
  ack.retryable = true;
  return ack;
}

// The four kinds of ACK of the target that end nothing.
inline std::vector<RouterRow> NotTerminal(const RouterSetting& setting, Attempt attempt) {
  const AckIn unknown =
      AckFrom("target", "sender", static_cast<AckType>(99), Status::kSuccess, attempt);
  return {Hear(setting, Progressing(attempt), "PROGRESS_ACK"),
          Hear(setting, Executed(Status::kInProgress, attempt), "EXECUTION_ACK"),
          Hear(setting, RetryableRefusal(attempt), "EXECUTION_ACK"),
          Hear(setting, unknown, "RECEIPT")};
}

inline std::vector<RouterRow> Terminal(const RouterSetting& setting) {
  return {Hear(setting, Executed(Status::kSuccess)), Hear(setting, Executed(Status::kFailure)),
          Hear(setting, Executed(Status::kRejected))};
}

// `ack` of the sender, while another module has a message of the id that it names.
inline RouterRow OfAnothersId(const AckIn& ack) {
  return {{}, [ack](RouterStory& router) {
            MessageIn others = Copy();
            others.source = ModuleId("other");
            router.Takes(others);
            return router.Hears(ack);
          }};
}

inline void AddAcks(RouterRows& rows) {
  RouterSetting third;
  third.attempt = 3;
  rows["RECEIPT/SUCCESS"] = {Hear({}, Receipt(1))};
  rows["RECEIPT/SUCCESS [re-forwarding, answered]"] = {Hear(ReForwarding(), Receipt(2))};
  rows["RECEIPT/SUCCESS [re-forwarding, older]"] = {Hear(ReForwarding(), Receipt(1))};
  rows["RECEIPT/REJECTED"] = {Hear({}, FullTable()), Hear(ReForwarding(), FullTable(2))};
  rows["target's ACK [not terminal]"] = NotTerminal({}, 1);
  rows["target's ACK [not terminal, re-forwarding, answered]"] = NotTerminal(ReForwarding(), 2);
  rows["target's ACK [not terminal, re-forwarding, older]"] = NotTerminal(ReForwarding(), 1);
  rows["EXECUTION_ACK [terminal]"] = Terminal({});
  rows["EXECUTION_ACK [terminal, re-forwarding]"] = Terminal(ReForwarding());
  rows["CANCEL"] = {Hear({}, Cancel(5)), Hear(ReForwarding(), Cancel(5))};
  rows["CANCEL [no room]"] = {Hear(WithoutRoomForMarks(), Cancel(5))};
  rows["TIMEOUT [no room]"] = {Hear(WithoutRoomForMarks(), GivesUp(5))};
  rows["CANCEL [never forwarded]"] = {Hear({}, Cancel(1))};
  rows["TIMEOUT"] = {Hear({}, GivesUp(5)), Hear(ReForwarding(), GivesUp(5))};
  rows["TIMEOUT [older]"] = {Hear(third, GivesUp(2))};
  rows["any ACK [duplicate]"] = {{{}, [](RouterStory& router) {
                                    router.Hears(FullTable());
                                    return router.Hears(FullTable());
                                  }}};
  rows["CANCEL, TIMEOUT [another's id]"] = {OfAnothersId(Cancel(5)), OfAnothersId(GivesUp(5))};
  rows["any ACK [unauthorised]"] = {
      Hear({}, AckFrom("target", "sender", AckType::kRouterAck, Status::kSuccess))};
}

inline RouterRows AllRouterRows() {
  RouterRows rows;
  AddMessages(rows);
  AddTimers(rows);
  AddDeadLettersAndRestarts(rows);
  AddAcks(rows);
  return rows;
}

}  // namespace cmb::lifecycle::testing
