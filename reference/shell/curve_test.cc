// The files of CURVE: what is read, what is refused, and in which words.
#include "reference/shell/curve.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

#include "reference/testing/fresh_directory.h"

namespace cmb::reference {
namespace {

std::string FileWith(const std::string& text) {
  const std::string path = FreshPath("keys");
  if (!text.empty()) {
    std::ofstream(path) << text;
  }
  return path;
}

// What reading said; empty: it was read.
template <class Read>
std::string Refusal(Read read, const std::string& path) {
  try {
    read(path);
  } catch (const CurveError& error) {
    const std::string what = error.what();
    return what.starts_with(path) ? what.substr(path.size()) : what;
  }
  return "";
}

const std::string kKey = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

TEST(CurveKeys, WhatIsWrittenIsReadAndNobodyElseMayReadIt) {
  const auto path = FileWith("");
  const auto keys = NewCurveKeys();
  WriteCurveKeys(path, keys);
  EXPECT_EQ(ReadCurveKeys(path).secret_key, keys.secret_key);
  struct stat status {};
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(CurveKeys, AreNeverWrittenOverOthers) {
  const auto path = FileWith("");
  WriteCurveKeys(path, NewCurveKeys());
  EXPECT_THROW(WriteCurveKeys(path, NewCurveKeys()), CurveError);
}

TEST(CurveKeys, APublicKeyOfAnotherSecretIsSaid) {
  const auto path = FileWith("public " + kKey + "\nsecret " + NewCurveKeys().secret_key + "\n");
  EXPECT_EQ(Refusal(ReadCurveKeys, path), ": the public key is not that of the secret key");
}

TEST(CurveKeys, ASecretThatIsNoneIsNotRepeated) {
  const auto refusal = Refusal(ReadCurveKeys, FileWith("secret hunter2\n"));
  EXPECT_EQ(refusal.find("hunter2"), std::string::npos);
  EXPECT_TRUE(refusal.starts_with(":1: ")) << refusal;
}

TEST(CurveKeys, ADirectoryIsNoFile) {
  EXPECT_EQ(Refusal(ReadCurveKeys, "/"), ": is a directory; name a file in it");
}

TEST(PublicKey, StandsAlone) {
  EXPECT_EQ(ReadPublicKey(FileWith(kKey + "\n")), kKey);
  EXPECT_NE(Refusal(ReadPublicKey, FileWith("public " + kKey)), "");
  EXPECT_NE(Refusal(ReadPublicKey, FileWith(" ")), "");
}

TEST(AllowList, HasALineForEachKeyAndComments) {
  const auto list = ReadAllowList(FileWith("# who may\n\nplanner " + kKey + "\n"));
  EXPECT_EQ(list, (AllowList{{kKey, "planner"}}));
}

TEST(AllowList, AKeyOfTwoModulesIsRefusedByItsLine) {
  const auto path = FileWith("planner " + kKey + "\narm " + kKey + "\n");
  EXPECT_EQ(Refusal(ReadAllowList, path),
            ":2: this key belongs to planner already; give every module its own");
}

TEST(AllowList, EveryOtherMistakeNamesItsLine) {
  for (const std::string& line :
       std::vector<std::string>{"planner", "planner key", "@router " + kKey, "a b c"}) {
    const auto refusal = Refusal(ReadAllowList, FileWith("# first\n" + line + "\n"));
    EXPECT_TRUE(refusal.starts_with(":2: ")) << refusal;
  }
}

TEST(AllowList, AFileThatIsNotThereIsSaid) {
  EXPECT_NE(Refusal(ReadAllowList, "/nonexistent/allowed"), "");
}

}  // namespace
}  // namespace cmb::reference
