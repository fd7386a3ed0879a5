#include "conformance/report/outer_text.h"

#include <gtest/gtest.h>

namespace cmb::conformance::report {
namespace {

TEST(Printable, KeepsTextAndItsLines) {
  EXPECT_EQ(Printable("a\tb\n\xc3\xa9 \xf0\x9f\x98\x80"), "a\tb\n\xc3\xa9 \xf0\x9f\x98\x80");
}

TEST(Printable, ShowsWhatIsNoUtf8ByteByByte) {
  EXPECT_EQ(Printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(Printable("\xc0\xaf"), "\\xc0\\xaf");                    // Longer than it need be.
  EXPECT_EQ(Printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // A surrogate.
  EXPECT_EQ(Printable("\xe2\x82"), "\\xe2\\x82");                    // Cut short.
  EXPECT_EQ(Printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // Beyond the last.
}

TEST(Printable, ShowsWhatSteersATerminalOrHidesText) {
  EXPECT_EQ(Printable("\x1b[2J\x7f\r"), "\\x1b[2J\\x7f\\x0d");
  EXPECT_EQ(Printable("\xc2\x9b"), "\\u{9b}");        // CSI of one character.
  EXPECT_EQ(Printable("\xe2\x80\xae"), "\\u{202e}");  // From right to left.
  EXPECT_EQ(Printable(std::string(1, '\0')), "\\x00");
}

TEST(Printable, ShowsWhatXmlForbids) {
  EXPECT_EQ(Printable("\xef\xbf\xbe\xef\xbf\xbf"), "\\u{fffe}\\u{ffff}");
  EXPECT_EQ(Printable("\xf0\x9f\xbf\xbe"), "\\u{1fffe}");
}

TEST(Printable, ChangesNothingTheSecondTime) {
  const std::string once = Printable("\xff\x1b\xef\xbf\xbe");
  EXPECT_EQ(Printable(once), once);
}

TEST(Cut, IsOneLineAndSplitsNoCharacter) {
  EXPECT_EQ(Cut("a\nb", 10), "a b");
  EXPECT_EQ(Cut("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 7), "\xc3\xa9 ...");
}

TEST(Bounded, KeepsBothEnds) {
  const std::string text = std::string(50, 'a') + std::string(50, 'b');
  EXPECT_EQ(Bounded(text, 100), text);
  EXPECT_EQ(Bounded(text, 20), "aaaaaaaaaa\n[80 bytes are left out here]\nbbbbbbbbbb");
}

}  // namespace
}  // namespace cmb::conformance::report
