#include "reference/endpoint/work_queue.h"

#include <utility>

namespace cmb::reference {

void WorkQueue::Offer(Work work) {
  const std::lock_guard lock(mutex_);
  works_.push_back(std::move(work));
  changed_.notify_one();
}

void WorkQueue::Drop(const lifecycle::MessageKey& key) {
  const std::lock_guard lock(mutex_);
  std::erase_if(works_, [&](const Work& work) { return work.key == key; });
}

std::optional<Work> WorkQueue::Pop() {
  const std::lock_guard lock(mutex_);
  if (works_.empty()) {
    return std::nullopt;
  }
  Work work = std::move(works_.front());
  works_.pop_front();
  return work;
}

bool WorkQueue::WaitUntil(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [&] { return closed_ || !works_.empty(); });
  return !closed_ && !works_.empty();
}

void WorkQueue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace cmb::reference
