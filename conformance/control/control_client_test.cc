#include "conformance/control/control_client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <zmq.hpp>

namespace cmb::conformance {
namespace {

using namespace std::chrono_literals;

// A stub in one mood, and the client that speaks to it.
class Line {
 public:
  explicit Line(const std::string& mood, Guards guards = {})
      : client(MakeSocketLink(context), "this", guards) {
    auto spawned = ChildProcess::Spawn(
        {.command = {CMB_BIN_DIR "/cmb-stub-iut", mood},
         .environment = {{"CMB_CONTROL", client.address()}, {"CMB_INCARNATION", "this"}}});
    child = std::move(std::get<std::unique_ptr<ChildProcess>>(spawned));
  }

  Result<control::v1::Reply> Advance() {
    control::v1::Request request;
    request.mutable_advance();
    return client.Call(request, *child);
  }

  zmq::context_t context;
  ControlClient client;
  std::unique_ptr<ChildProcess> child;
};

// The trouble that the first Advance brings.
Trouble TroubleOfAdvance(const std::string& mood, Guards guards = {}) {
  Line line(mood, guards);
  const auto hello = line.client.AwaitHello(*line.child);
  EXPECT_TRUE(hello.ok());
  auto reply = line.Advance();
  EXPECT_FALSE(reply.ok());
  return reply.ok() ? Trouble{} : reply.trouble();
}

Trouble TroubleOfHello(const std::string& mood, Guards guards = {}) {
  Line line(mood, guards);
  const auto hello = line.client.AwaitHello(*line.child);
  EXPECT_FALSE(hello.ok());
  return hello.ok() ? Trouble{} : hello.trouble();
}

TEST(ControlClient, HearsTheClaimsOfHello) {
  Line line("honest");
  const auto claims = line.client.AwaitHello(*line.child);
  ASSERT_TRUE(claims.ok());
  EXPECT_EQ(claims->name(), "stub");
}

TEST(ControlClient, PortsAreTheSystemsChoice) {
  zmq::context_t context;
  ControlClient one(MakeSocketLink(context), "1", {});
  ControlClient other(MakeSocketLink(context), "2", {});
  EXPECT_NE(one.address(), other.address());
}

TEST(ControlClient, NumbersRequestsAndGetsTheirReplies) {
  Line line("honest");
  ASSERT_TRUE(line.client.AwaitHello(*line.child).ok());
  const auto first = line.Advance();
  const auto second = line.Advance();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->seq(), 1u);
  EXPECT_EQ(second->seq(), 2u);
}

TEST(ControlClient, TheEpochRisesAfterReset) {
  Line line("honest");
  ASSERT_TRUE(line.client.AwaitHello(*line.child).ok());
  control::v1::Request reset;
  reset.mutable_reset();
  EXPECT_EQ(line.client.Call(reset, *line.child)->epoch(), 0u);
  EXPECT_EQ(line.Advance()->epoch(), 1u);
}

TEST(ControlClient, SilenceInsteadOfHelloCannotStartAndKeepsStderr) {
  const Trouble trouble = TroubleOfHello("silent", {.hello = 300ms});
  EXPECT_EQ(trouble.kind, TroubleKind::kCannotStart);
  EXPECT_EQ(trouble.sentence, "the IUT did not say Hello within 300 ms");
  EXPECT_EQ(trouble.iut_stderr, "I say nothing\n");
}

TEST(ControlClient, AHelloOfAnotherIncarnationIsNotHeard) {
  const Trouble trouble = TroubleOfHello("old_incarnation", {.hello = 300ms});
  EXPECT_EQ(trouble.kind, TroubleKind::kCannotStart);
  EXPECT_NE(trouble.sentence.find("said Hello as incarnation"), std::string::npos)
      << trouble.sentence;
  EXPECT_EQ(trouble.requirement, "CMB-CTL-001");
}

TEST(ControlClient, AnEndBeforeHelloCannotStart) {
  zmq::context_t context;
  ControlClient client(MakeSocketLink(context), "this", {});
  auto spawned = ChildProcess::Spawn(
      {.command = {"/bin/sh", "-c", "echo no licence >&2; exit 4"}, .environment = {}});
  auto& child = *std::get<std::unique_ptr<ChildProcess>>(spawned);
  const auto hello = client.AwaitHello(child);
  ASSERT_FALSE(hello.ok());
  EXPECT_EQ(hello.trouble().kind, TroubleKind::kCannotStart);
  EXPECT_EQ(hello.trouble().sentence, "the IUT exited with status 4 before it said Hello");
  EXPECT_EQ(hello.trouble().iut_stderr, "no licence\n");
}

TEST(ControlClient, AHelloThatIsNoProtobufIsGarbage) {
  const Trouble trouble = TroubleOfHello("garbage_hello");
  EXPECT_EQ(trouble.kind, TroubleKind::kGarbage);
  EXPECT_EQ(trouble.sentence,
            "the IUT sent 3 bytes on the control channel that are no FromHarness before its Hello");
}

TEST(ControlClient, AHelloWithoutRolesIsGarbage) {
  EXPECT_EQ(TroubleOfHello("empty_claims").sentence,
            "the Hello of the IUT claims no role or no schema version");
}

TEST(ControlClient, AHelloOfAnotherSchemaVersionAloneIsGarbage) {
  const Trouble trouble = TroubleOfHello("other_version");
  EXPECT_EQ(trouble.kind, TroubleKind::kGarbage);
  EXPECT_EQ(trouble.requirement, "CMB-CTL-001");
  EXPECT_EQ(
      trouble.sentence,
      "the Hello of the IUT claims schema_versions [9]; expected 1 among them, the one that is "
      "tested");
}

TEST(ControlClient, AnExitDuringARequestIsACrashWithItsStatus) {
  const Trouble trouble = TroubleOfAdvance("exit_on_advance");
  EXPECT_EQ(trouble.kind, TroubleKind::kIutCrashed);
  EXPECT_EQ(trouble.sentence, "the IUT exited with status 3 during Advance");
  EXPECT_EQ(trouble.iut_stderr, "I give up\n");
}

TEST(ControlClient, ASignalDuringARequestIsACrashWithItsName) {
  EXPECT_EQ(TroubleOfAdvance("crash_on_advance").sentence,
            "the IUT was killed by signal 11 (Segmentation fault) during Advance");
}

TEST(ControlClient, SilenceInsteadOfAReplyIsUnresponsive) {
  const Trouble trouble = TroubleOfAdvance("hang_on_advance", {.reply = 300ms});
  EXPECT_EQ(trouble.kind, TroubleKind::kUnresponsive);
  EXPECT_EQ(trouble.sentence, "the IUT did not answer Advance within 300 ms");
}

TEST(ControlClient, AReplyThatIsNoProtobufIsGarbage) {
  EXPECT_EQ(TroubleOfAdvance("garbage_reply").kind, TroubleKind::kGarbage);
}

TEST(ControlClient, AReplyOfTwoFramesIsGarbage) {
  EXPECT_EQ(TroubleOfAdvance("two_frames").sentence,
            "the IUT answered Advance with 2 frames on the control channel instead of 1");
}

TEST(ControlClient, AReplyWithAnotherSeqIsGarbage) {
  EXPECT_EQ(TroubleOfAdvance("wrong_seq").sentence, "the Reply is to request 2, but Advance is 1");
}

TEST(ControlClient, AReplyWithAnotherEpochIsGarbage) {
  EXPECT_EQ(TroubleOfAdvance("wrong_epoch").sentence,
            "the Reply to Advance is of epoch 1 instead of 0");
}

TEST(ControlClient, AnErrorReplyIsAHarnessErrorWithItsCode) {
  Line line("honest");
  ASSERT_TRUE(line.client.AwaitHello(*line.child).ok());
  control::v1::Request cancel;
  cancel.mutable_cancel();
  const auto reply = line.client.Call(cancel, *line.child);
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.trouble().kind, TroubleKind::kHarnessError);
  EXPECT_EQ(reply.trouble().code, control::v1::ERROR_KIND_UNSUPPORTED);
  EXPECT_EQ(reply.trouble().sentence, "the IUT answered Cancel with UNSUPPORTED: no cancel here");
}

// What a harness of JSON lines that runs `script` after its Hello answers to Advance.
Trouble TroubleOfLines(const std::string& script, Guards guards = {}) {
  ControlClient client(MakeStdioLink(), "this", guards);
  const std::string hello =
      R"(echo '{"hello":{"incarnation":"this","pics":{"name":"sh","version":"1",)"
      R"("schemaVersions":[1],"roles":[{"role":"ROLE_TARGET"}]}}}';)";
  auto spawned = ChildProcess::Spawn(
      {.command = {"/bin/sh", "-c", hello + script}, .environment = {}, .lines_on_stdout = true});
  auto& child = *std::get<std::unique_ptr<ChildProcess>>(spawned);
  EXPECT_TRUE(client.AwaitHello(child).ok());
  control::v1::Request request;
  request.mutable_advance();
  auto reply = client.Call(request, child);
  EXPECT_FALSE(reply.ok());
  return reply.ok() ? Trouble{} : reply.trouble();
}

TEST(ControlClient, WhoHasSaidHelloOnStandardOutputCrashes) {
  const Trouble trouble = TroubleOfLines("read line; exit 3");
  EXPECT_EQ(trouble.kind, TroubleKind::kIutCrashed);
  EXPECT_EQ(trouble.sentence, "the IUT exited with status 3 during Advance");
}

TEST(ControlClient, WhoHasSaidHelloOnStandardOutputIsUnresponsive) {
  const Trouble trouble = TroubleOfLines("read line; read line", {.reply = 300ms});
  EXPECT_EQ(trouble.kind, TroubleKind::kUnresponsive);
  EXPECT_EQ(trouble.sentence, "the IUT did not answer Advance within 300 ms");
}

TEST(ControlClient, AForgedSeqIsNotUsedUpAndOneThatIsLeftIs) {
  Line line("honest");
  ASSERT_TRUE(line.client.AwaitHello(*line.child).ok());
  control::v1::Request advance;
  advance.mutable_advance();
  const auto forged = [](control::v1::Request& of) { of.set_seq(of.seq() + 6); };
  const auto left = [](control::v1::Request& of) { of.set_incarnation("other"); };
  EXPECT_EQ(line.client.CallForged(advance, forged, *line.child)->seq(), 7u);
  EXPECT_EQ(line.client.CallForged(advance, left, *line.child)->seq(), 1u);
  EXPECT_EQ(line.Advance()->seq(), 2u);
}

TEST(ControlClient, AnIutThatWritesALotIsStillHeard) {
  Line line("noisy");
  ASSERT_TRUE(line.client.AwaitHello(*line.child).ok());
  EXPECT_TRUE(line.Advance().ok());
}

}  // namespace
}  // namespace cmb::conformance
