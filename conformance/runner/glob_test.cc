#include "conformance/runner/glob.h"

#include <gtest/gtest.h>

namespace cmb::conformance::runner {
namespace {

TEST(Glob, AStarTakesAnyTextSlashesIncluded) {
  EXPECT_TRUE(GlobMatches("sender/*", "sender/plain-path"));
  EXPECT_TRUE(GlobMatches("*", "sender/plain-path@a=b"));
  EXPECT_TRUE(GlobMatches("*plain*@a=*", "sender/plain-path@a=b"));
  EXPECT_TRUE(GlobMatches("sender/plain-path*", "sender/plain-path"));
}

TEST(Glob, TheWholeTextMustMatch) {
  EXPECT_FALSE(GlobMatches("sender", "sender/plain-path"));
  EXPECT_FALSE(GlobMatches("plain*", "sender/plain-path"));
  EXPECT_FALSE(GlobMatches("", "x"));
  EXPECT_TRUE(GlobMatches("", ""));
}

TEST(Glob, AQuestionMarkTakesOneCharacter) {
  EXPECT_TRUE(GlobMatches("m?", "m1"));
  EXPECT_FALSE(GlobMatches("m?", "m"));
  EXPECT_FALSE(GlobMatches("m?", "m12"));
}

TEST(Glob, GoesBackForALaterMatch) {
  EXPECT_TRUE(GlobMatches("*ab", "aab"));
  EXPECT_TRUE(GlobMatches("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(GlobMatches("a*b*c", "a-c-b"));
}

}  // namespace
}  // namespace cmb::conformance::runner
