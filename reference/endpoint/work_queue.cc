#include "reference/endpoint/work_queue.h"

#include <utility>

namespace cmb::reference {

void WorkQueue::Offer(Work work) {
  const std::lock_guard lock(mutex_);
  unwanted_.erase(work.key);
  works_.push_back(std::move(work));
  changed_.notify_one();
}

void WorkQueue::Resume(Work work) { Offer(std::move(work)); }

void WorkQueue::Drop(const lifecycle::MessageKey& key) {
  const std::lock_guard lock(mutex_);
  std::erase_if(works_, [&](const Work& work) { return work.key == key; });
  if (taken_.contains(key)) {
    unwanted_.insert(key);
  }
}

void WorkQueue::Cancel(const lifecycle::MessageKey& key) {
  const std::lock_guard lock(mutex_);
  unwanted_.insert(key);
}

std::optional<Work> WorkQueue::Pop() {
  const std::lock_guard lock(mutex_);
  if (works_.empty()) {
    return std::nullopt;
  }
  Work work = std::move(works_.front());
  works_.pop_front();
  taken_.insert(work.key);
  return work;
}

bool WorkQueue::WaitUntil(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [&] { return closed_ || !works_.empty(); });
  return !closed_ && !works_.empty();
}

bool WorkQueue::IsUnwanted(const lifecycle::MessageKey& key) const {
  const std::lock_guard lock(mutex_);
  return unwanted_.contains(key);
}

void WorkQueue::Forget(const lifecycle::MessageKey& key) {
  const std::lock_guard lock(mutex_);
  taken_.erase(key);
  unwanted_.erase(key);
}

void WorkQueue::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace cmb::reference
