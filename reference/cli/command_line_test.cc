// What a wrong command line is answered with.
#include "reference/cli/command_line.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <vector>

namespace cmb::reference {
namespace {

struct Answer {
  std::optional<int> code;
  std::string said;  // On stderr.
};

// Of a program that knows --channel and the switch --fsync.
Answer Of(std::vector<const char*> words) {
  CLI::App app{"A program."};
  std::string channel;
  bool fsync = true;
  app.add_option("--channel", channel);
  app.add_flag("--fsync,!--no-fsync", fsync);
  words.insert(words.begin(), "/usr/bin/program");
  testing::internal::CaptureStderr();
  const auto code = ParseCommandLine(app, static_cast<int>(words.size()), words.data());
  return {code, testing::internal::GetCapturedStderr()};
}

TEST(CommandLine, IsRead) {
  const auto answer = Of({"--channel", "main", "--no-fsync"});
  EXPECT_FALSE(answer.code);
  EXPECT_EQ(answer.said, "");
}

TEST(CommandLine, AnUnknownFlagNamesTheNearest) {
  const auto answer = Of({"--chanel", "main"});
  EXPECT_EQ(answer.code, kWrongUse);
  EXPECT_EQ(answer.said, "program: there is no --chanel; did you mean --channel?\n");
  EXPECT_EQ(Of({"--chanel=main"}).said, answer.said);
  EXPECT_EQ(Of({"--nofsync"}).said, "program: there is no --nofsync; did you mean --no-fsync?\n");
}

// "--help" is as many letters away, and stands first.
TEST(CommandLine, OfTwoThatAreAsNearTheOneThatBeginsAlikeIsNamed) {
  EXPECT_EQ(Of({"--char"}).said, "program: there is no --char; did you mean --channel?\n");
}

TEST(CommandLine, AFlagThatIsLikeNoneNamesTheHelp) {
  EXPECT_EQ(Of({"--zzzzzzzzzz"}).said,
            "program: there is no --zzzzzzzzzz; --help lists what there is\n");
}

TEST(CommandLine, AWordTooManyIsNamed) {
  EXPECT_EQ(Of({"more"}).said, "program: nothing is expected where \"more\" stands; see --help\n");
}

TEST(CommandLine, EveryOtherMistakeNamesProgramAndHelp) {
  const auto answer = Of({"--channel"});
  EXPECT_EQ(answer.code, kWrongUse);
  EXPECT_TRUE(answer.said.starts_with("program: --channel: ")) << answer.said;
  EXPECT_TRUE(answer.said.ends_with("; see --help\n")) << answer.said;
}

}  // namespace
}  // namespace cmb::reference
