#include "reference/endpoint/shared_event_sink.h"

#include <gtest/gtest.h>

#include <thread>

namespace cmb::reference {
namespace {

constexpr std::chrono::seconds kPatience{60};

TEST(SharedEventSink, WhatWasToldBeforeTheEndComesBeforeTheException) {
  SharedEventSink sink;
  sink.Write({});
  sink.Close();
  EXPECT_EQ(sink.WaitAndTake(kPatience).size(), 1U);
  EXPECT_THROW(sink.Take(), std::runtime_error);
}

TEST(SharedEventSink, TheEndWakesWhoWaits) {
  SharedEventSink sink;
  std::thread owner([&] { sink.Close(); });
  EXPECT_THROW(sink.WaitAndTake(kPatience), std::runtime_error);
  owner.join();
}

}  // namespace
}  // namespace cmb::reference
