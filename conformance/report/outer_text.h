// Text from outside (frames, events and output of the implementation under test, its name) made
// safe for every report: valid UTF-8, nothing that steers a terminal or that XML 1.0 forbids, and
// bounded. Used by all writers of reports, each piece once, before it is put in. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cmb::conformance::report {

// Line end and tab stay. Shown as `\xNN`: each byte that is part of no character of UTF-8; as
// `\u{N}`: control characters (C0, C1, DEL), those that change the direction or hide text, and what
// is no character (U+FFFE, U+FFFF, the end of each plane). What is safe already stays as it is.
std::string Printable(std::string_view text);

// The same on one line of at most `most_bytes`, with " ..." for what is left out.
std::string Cut(std::string_view text, std::size_t most_bytes);

// The same without its middle where it is longer: both ends of a long text count.
inline constexpr std::size_t kMostOuterBytes = 8 * 1024;
std::string Bounded(std::string_view text, std::size_t most_bytes = kMostOuterBytes);

}  // namespace cmb::conformance::report
