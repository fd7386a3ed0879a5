// What becomes of events whose sink refuses them.
#include "reference/shell/journal.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "reference/sinks/memory_event_sink.h"

namespace cmb::reference {
namespace {

class FullSink : public EventSink {
 public:
  void Write(const ack::v1::Event& event) override {
    ++tries_;
    if (is_full) {
      throw std::runtime_error("the disk of events is full");
    }
    numbers.push_back(event.number());
  }
  void Flush() override {}

  bool is_full = false;
  std::vector<std::uint64_t> numbers;
  int tries() const { return tries_; }

 private:
  int tries_ = 0;
};

class JournalOfAFullSink : public testing::Test {
 protected:
  JournalOfAFullSink() {
    journal_.SetTroubleListener([this](const auto& sentence) { said_.push_back(sentence); });
  }
  void Happens() {
    journal_.Write(lifecycle::AnomalyEvent{});
    journal_.Flush();
  }

  ManualClock clock_;
  FullSink full_;
  MemoryEventSink other_;
  Journal journal_{clock_, {&full_, &other_}};
  std::vector<std::string> said_;
};

TEST_F(JournalOfAFullSink, TheOthersGetEveryEventAndOneSentenceSaysIt) {
  full_.is_full = true;
  for (int i = 0; i < 98; ++i) {
    Happens();
  }
  EXPECT_EQ(other_.Take().size(), 98u);
  ASSERT_EQ(said_.size(), 1u);
  EXPECT_EQ(said_[0], "the disk of events is full; what happens meanwhile will be missing there");
}

TEST_F(JournalOfAFullSink, IsTriedAgainAfterAWhileAndSaysWhatIsMissing) {
  full_.is_full = true;
  Happens();
  Happens();
  EXPECT_EQ(full_.tries(), 1);
  clock_.SetNowMs(kSinkRetryMs);
  Happens();
  EXPECT_EQ(full_.tries(), 2);
  full_.is_full = false;
  Happens();
  clock_.SetNowMs(2 * kSinkRetryMs);
  Happens();
  EXPECT_EQ(full_.numbers, std::vector<std::uint64_t>{5});
  ASSERT_EQ(said_.size(), 2u);
  EXPECT_EQ(said_[1], "events are written again; 4 or more are missing");
}

// A file takes what its buffer holds, and a full disk shows at the flush.
TEST_F(JournalOfAFullSink, AFlushOfNothingProvesNothing) {
  full_.is_full = true;
  Happens();
  clock_.SetNowMs(kSinkRetryMs);
  journal_.Flush();
  EXPECT_EQ(said_.size(), 1u);
}

}  // namespace
}  // namespace cmb::reference
