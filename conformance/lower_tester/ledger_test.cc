#include "conformance/lower_tester/ledger.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace cmb::conformance {
namespace {

control::v1::Reply Reply(std::uint64_t received, std::initializer_list<std::uint64_t> sent) {
  control::v1::Reply reply;
  reply.set_received(received);
  std::uint64_t sum = 0;
  for (const std::uint64_t count : sent) {
    reply.add_sent_by_socket(count);
    sum += count;
  }
  reply.set_sent(sum);
  return reply;
}

Ledger MakeLedger() { return Ledger(SocketLayout({"main"})); }

TEST(Ledger, OwesWhatWasPromisedAndHasNotCome) {
  Ledger ledger = MakeLedger();
  EXPECT_EQ(ledger.Enter(Reply(0, {2, 1, 0}), true), std::nullopt);
  EXPECT_TRUE(ledger.Owes(0));
  ledger.CountReceived(0);
  ledger.CountReceived(1);
  EXPECT_TRUE(ledger.Owes(0));
  EXPECT_FALSE(ledger.Owes(1));
  EXPECT_EQ(ledger.Debts(), "the IUT says that it has sent 2 messages on main, 1 came");
  EXPECT_EQ(ledger.promised(), 3u);
}

TEST(Ledger, AReplyToAdvanceHasReadEverything) {
  Ledger ledger = MakeLedger();
  ledger.CountInjected();
  EXPECT_EQ(ledger.Enter(Reply(0, {0, 0, 0}), false), std::nullopt);
  EXPECT_EQ(ledger.Enter(Reply(0, {0, 0, 0}), true),
            "received is 0, but 1 messages were put on the wire");
}

TEST(Ledger, NobodyReadsMoreThanWasSent) {
  Ledger ledger = MakeLedger();
  EXPECT_EQ(ledger.Enter(Reply(1, {0, 0, 0}), false),
            "received is 1, but 0 messages were put on the wire");
}

TEST(Ledger, CountsNeverFall) {
  Ledger ledger = MakeLedger();
  ASSERT_EQ(ledger.Enter(Reply(0, {2, 0, 0}), true), std::nullopt);
  EXPECT_EQ(ledger.Enter(Reply(0, {1, 0, 0}), true), "sent_by_socket of main fell from 2 to 1");
}

TEST(Ledger, EverySocketIsCounted) {
  Ledger ledger = MakeLedger();
  EXPECT_EQ(ledger.Enter(Reply(0, {0}), true),
            "sent_by_socket has 1 entries, but there are 3 data sockets");
}

TEST(Ledger, EventsAreNumberedOnOverReplies) {
  Ledger ledger = MakeLedger();
  control::v1::Reply reply = Reply(0, {0, 0, 0});
  reply.add_events()->set_number(1);
  reply.add_events()->set_number(2);
  EXPECT_EQ(ledger.Enter(reply, true), std::nullopt);
  EXPECT_EQ(ledger.Enter(reply, true), "an event has number 1 instead of 3");
}

TEST(Ledger, ClearBeginsAnew) {
  Ledger ledger = MakeLedger();
  ledger.CountInjected();
  control::v1::Reply reply = Reply(1, {3, 0, 0});
  reply.add_events()->set_number(1);
  ASSERT_EQ(ledger.Enter(reply, true), std::nullopt);
  ledger.Clear();
  EXPECT_EQ(ledger.injected(), 0u);
  control::v1::Reply fresh = Reply(0, {0, 0, 0});
  fresh.add_events()->set_number(1);
  EXPECT_EQ(ledger.Enter(fresh, true), std::nullopt);
}

}  // namespace
}  // namespace cmb::conformance
