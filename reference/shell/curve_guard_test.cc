// Connections to a router with CURVE, over real sockets: who is heard, under
// which name, and what is refused and counted.
#include "reference/shell/curve_guard.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <functional>

#include "reference/shell/tcp_recorder.h"
#include "reference/shell/zmq_transport.h"
#include "reference/testing/fresh_directory.h"

namespace cmb::reference {
namespace {

constexpr std::chrono::seconds kPatience{20};
constexpr std::size_t kMain = 0;

// A router that knows the keys of `planner` and `arm`, and modules that come to
// it.
class Bench : public testing::Test {
 protected:
  struct Module {
    zmq::context_t context{1};
    std::unique_ptr<ZmqTransport> transport;
  };

  std::unique_ptr<Module> Connect(const std::string& claims,
                                  std::variant<std::monostate, CurveRouter, CurveEndpoint> curve,
                                  const std::string& address = "") {
    auto module = std::make_unique<Module>();
    SocketOptions options;
    options.routing_id = claims;
    options.reconnect_ms = 60'000;  // Once refused, it stays away: counts are exact.
    options.curve = std::move(curve);
    module->transport =
        std::make_unique<ZmqTransport>(module->context, SocketMap({"main"}), options);
    auto addresses = router_.BoundAddresses();
    addresses[kMain] = address.empty() ? addresses[kMain] : address;
    module->transport->Connect(addresses);
    return module;
  }
  CurveEndpoint With(const CurveKeys& keys) const { return {own_.public_key, keys}; }

  // True: it came true while the router was polled.
  bool Await(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > deadline) {
        return false;
      }
      auto items = router_.PollItems();
      Poll(items, 2);
    }
    return true;
  }
  // Sends from the module until its connection takes it.
  bool Sends(Module& from, const std::string& text) {
    return Await([&] {
      return from.transport->Send(kMain, {}, text, zmq::message_t()) == SendResult::kSent;
    });
  }
  bool SendsTo(const std::string& peer, const std::string& text) {
    return Await(
        [&] { return router_.Send(kMain, peer, text, zmq::message_t()) == SendResult::kSent; });
  }
  std::optional<Inbound> Next(ZmqTransport& at) {
    std::optional<Inbound> inbound;
    Await([&] { return (inbound = at.Receive(kMain)).has_value(); });
    return inbound;
  }
  std::uint16_t Port() const {
    const std::string bound = router_.BoundAddresses()[kMain];
    return static_cast<std::uint16_t>(std::stoi(bound.substr(bound.rfind(':') + 1)));
  }
  bool IsRefused(std::uint64_t times) {
    return Await([&] { return router_.refused_connections() >= times; });
  }

  CurveKeys own_ = NewCurveKeys();
  CurveKeys planner_ = NewCurveKeys();
  CurveKeys arm_ = NewCurveKeys();
  zmq::context_t context_{1};
  ZmqTransport router_ = MakeRouter();

 private:
  ZmqTransport MakeRouter() {
    SocketOptions options;
    options.curve = CurveRouter{own_, {{planner_.public_key, "planner"}, {arm_.public_key, "arm"}}};
    return ZmqTransport(context_, SocketMap({"main"}), options);
  }
  void SetUp() override {
    router_.Bind({"tcp://127.0.0.1:*", "tcp://127.0.0.1:*", "tcp://127.0.0.1:*"});
  }
};

using CurveGuardOf = Bench;

TEST_F(CurveGuardOf, ARightKeyIsHeardUnderItsModule) {
  const auto planner = Connect("planner", With(planner_));
  ASSERT_TRUE(Sends(*planner, "hello"));
  const auto inbound = Next(router_);
  ASSERT_TRUE(inbound);
  EXPECT_EQ(inbound->peer, "planner");
  EXPECT_EQ(inbound->key_owner, "planner");
  EXPECT_EQ(router_.refused_connections(), 0u);
}

TEST_F(CurveGuardOf, AKeyThatIsNotOnTheListIsRefusedAndCounted) {
  const auto stranger = Connect("planner", With(NewCurveKeys()));
  EXPECT_TRUE(IsRefused(3));  // Once a socket.
  EXPECT_EQ(router_.refused_connections(), 3u);
  EXPECT_FALSE(router_.Receive(kMain));
  EXPECT_EQ(router_.Send(kMain, "planner", "x", {}), SendResult::kUnroutable);
}

TEST_F(CurveGuardOf, NoKeyIsRefusedAndCounted) {
  const auto plain = Connect("planner", std::monostate{});
  EXPECT_TRUE(IsRefused(3));
  EXPECT_EQ(router_.Send(kMain, "planner", "x", {}), SendResult::kUnroutable);
}

TEST_F(CurveGuardOf, AnAllowedKeyThatTakesUsForAnotherRouterIsRefusedAndCounted) {
  const auto lost = Connect("planner", CurveEndpoint{NewCurveKeys().public_key, planner_});
  EXPECT_TRUE(IsRefused(3));
}

// The routing id is that of the key, whatever the connection claims: it is not
// heard as the other, and gets nothing that is the other's. Again and again,
// since the claim and the answer race inside libzmq.
TEST_F(CurveGuardOf, AnAllowedKeyNeverActsUnderTheIdOfAnother) {
  const auto planner = Connect("planner", With(planner_));
  ASSERT_TRUE(Sends(*planner, "the planner's own"));
  ASSERT_TRUE(Next(router_));
  for (int i = 0; i < 20; ++i) {
    const auto impostor = Connect("planner", With(arm_));
    ASSERT_TRUE(Sends(*impostor, "I am the planner"));
    const auto inbound = Next(router_);
    ASSERT_TRUE(inbound);
    EXPECT_EQ(inbound->peer, "arm");
    EXPECT_EQ(inbound->key_owner, "arm");
    ASSERT_TRUE(SendsTo("planner", "for the planner"));
    ASSERT_TRUE(SendsTo("arm", "for the arm"));
    const auto first = Next(*impostor->transport);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->frames[0].to_string(), "for the arm");
    const auto own = Next(*planner->transport);
    ASSERT_TRUE(own);
    EXPECT_EQ(own->frames[0].to_string(), "for the planner");
  }
}

TEST_F(CurveGuardOf, AReplayedHandshakeIsRefusedAndCounted) {
  const auto port = Port();
  TcpRecorder recorder(port);
  const auto planner = Connect("planner", With(planner_), recorder.address());
  ASSERT_TRUE(Sends(*planner, "once"));
  ASSERT_TRUE(Next(router_));
  const std::string said = recorder.ClientBytes();
  const auto refused = router_.refused_connections();

  const int replay = ConnectTo(port);
  ASSERT_EQ(send(replay, said.data(), said.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(said.size()));
  EXPECT_TRUE(IsRefused(refused + 1));
  EXPECT_FALSE(router_.Receive(kMain));
  close(replay);
}

// The router closes the connection as it refuses it.
void AwaitTheEndOf(int connection) {
  char bytes[256];
  while (recv(connection, bytes, sizeof(bytes), 0) > 0) {
  }
  close(connection);
}

// Whoever sees that it is refused finds it in the count, at once.
TEST_F(CurveGuardOf, ARefusalThatWasSeenIsCounted) {
  const auto port = Port();
  TcpRecorder recorder(port);
  const auto planner = Connect("planner", With(planner_), recorder.address());
  ASSERT_TRUE(Sends(*planner, "once"));
  const std::string said = recorder.ClientBytes();
  const auto refused = router_.refused_connections();
  for (std::uint64_t i = 1; i <= 50; ++i) {
    const int replay = ConnectTo(port);
    ASSERT_EQ(send(replay, said.data(), said.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(said.size()));
    AwaitTheEndOf(replay);
    ASSERT_EQ(router_.refused_connections(), refused + i);
  }
}

// A context that ends takes the guard's thread along, and nobody waits for it any more.
TEST(CurveGuardOfAContextThatEnds, IsAskedInVainAndAtOnce) {
  zmq::context_t context{1};
  SocketOptions options;
  options.curve = CurveRouter{NewCurveKeys(), {}};
  const ZmqTransport router(context, SocketMap({"main"}), options);
  context.shutdown();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(router.refused_connections(), 0u);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, kPatience);  // 200 s, waiting each time.
}

// libzmq makes what files it needs in TMPDIR, or where the process stands.
[[noreturn]] void DieWithAGuard(const std::string& directory) {
  setenv("TMPDIR", directory.c_str(), 1);
  std::filesystem::current_path(directory);
  zmq::context_t context{1};
  SocketOptions options;
  options.curve = CurveRouter{NewCurveKeys(), {}};
  const ZmqTransport router(context, SocketMap({"main"}), options);
  raise(SIGKILL);
  _exit(1);
}

TEST(CurveGuardOfAKilledProcess, LeavesNoFile) {
  const FreshDirectory directory;
  const pid_t child = fork();
  if (child == 0) {
    DieWithAGuard(directory.path());
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

}  // namespace
}  // namespace cmb::reference
