// README.md shows the example programs as they are compiled.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string Read(const std::string& name) {
  std::ifstream file(std::string(CMB_SOURCE_DIR) + "/reference/" + name);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Readme, ShowsTheExamplesAsTheyAre) {
  const std::string page = Read("README.md");
  EXPECT_NE(page.find(Read("examples/example_sender.cc")), std::string::npos);
  EXPECT_NE(page.find(Read("examples/example_target.cc")), std::string::npos);
}

}  // namespace
