// Effects and events as lines of text, for golden traces and failure messages.
#include <sstream>

#include "reference/lifecycle/effects.h"

namespace cmb::lifecycle {

namespace {

// Builds `words key=value …`; absent values leave no trace.
class Line {
 public:
  explicit Line(const std::string& start) { text_ << start; }

  Line& Add(const std::string& words) {
    text_ << ' ' << words;
    return *this;
  }
  template <typename Value>
  Line& Field(const char* name, const Value& value) {
    text_ << ' ' << name << '=' << value;
    return *this;
  }
  Line& Code(ErrorCode code) { return code == ErrorCode::kUnspecified ? *this : Add(Word(code)); }
  Line& Note(const std::string& note) { return note.empty() ? *this : Add("\"" + note + "\""); }
  std::string str() const { return text_.str(); }

 private:
  std::ostringstream text_;
};

std::string Pair(AckType type, Status status) {
  return status == Status::kUnspecified ? Word(type) : Word(type) + "/" + Word(status);
}

std::string Text(const SendMessage& send) {
  return Line("send MESSAGE")
      .Add(send.id.str())
      .Field("attempt", send.attempt)
      .Field("ttl", send.ttl.count())
      .Add("on " + send.channel.str() + " to " + send.target.str())
      .str();
}

std::string Text(const SendAck& send) {
  const AckOut& ack = send.ack;
  Line line("ack");
  line.Add(Pair(ack.type, ack.status)).Code(ack.code).Add(ack.correlation_id.str());
  line.Field("attempt", ack.attempt);
  if (ack.retryable) {
    line.Add("retryable");
  }
  if (ack.progress_number != 0) {
    line.Field("progress", ack.progress_number);
  }
  if (ack.percent) {
    line.Field("percent", *ack.percent);
  }
  if (ack.done_count) {
    line.Field("done", *ack.done_count);
  }
  if (ack.total_count) {
    line.Field("total", *ack.total_count);
  }
  if (ack.eta) {
    line.Field("eta", ack.eta->count());
  }
  if (ack.hold) {
    line.Field("hold", ack.hold->count());
  }
  if (ack.started) {
    line.Field("started", *ack.started ? "true" : "false");
  }
  if (ack.memory_ms) {
    line.Field("memory", *ack.memory_ms);
  }
  if (ack.never_forwarded) {
    line.Add("never_forwarded");
  }
  for (const std::uint32_t version : ack.supported_versions) {
    line.Field("supports", version);
  }
  line.Add("to " + send.to.str());
  if (!send.via.empty()) {
    line.Add("via " + send.via.str());
  }
  return line.Note(ack.note).str();
}

std::string Text(const ForwardMessage& forward) {
  return Line("forward MESSAGE")
      .Add(forward.key.id.str())
      .Field("attempt", forward.attempt)
      .Field("ttl", forward.ttl.count())
      .Field("delivery", forward.delivery_count)
      .Add("on " + forward.channel.str() + " to " + forward.target.str())
      .str();
}

std::string Text(const ForwardAck& forward) {
  return Line("forward")
      .Add(Pair(forward.type, forward.status))
      .Add(forward.correlation_id.str())
      .Field("attempt", forward.attempt)
      .Add("to " + forward.to.str())
      .str();
}

std::string Text(const OfferWork& offer) {
  return Line(offer.again ? "offer again" : "offer")
      .Add(offer.key.id.str())
      .Field("attempt", offer.attempt)
      .Field("key", offer.idempotency_key.str())
      .str();
}

std::string Text(const DropWork& drop) { return Line("drop").Add(drop.key.id.str()).str(); }

std::string Text(const TellLifeEnded& told) {
  return Line("life ended").Add(told.key.id.str()).str();
}

std::string Text(const CancelWork& cancel) { return Line("cancel").Add(cancel.key.id.str()).str(); }

std::string Text(const ResumeWork& resume) {
  return Line("resume")
      .Add(resume.key.id.str())
      .Field("attempt", resume.attempt)
      .Field("key", resume.idempotency_key.str())
      .str();
}

std::string Text(const RedriveEnded& redrive) {
  return Line("redrive")
      .Add(redrive.key.id.str() + " as " + redrive.new_id.str())
      .Code(redrive.code)
      .Note(redrive.note)
      .str();
}

std::string Text(const EmitEvent& emit) { return "event " + ToText(emit.event); }

std::string Bracketed(const MessageId& id) { return "[" + id.str() + "]"; }

std::string Text(const TransitionEvent& event) {
  Line line(Bracketed(event.key.id));
  line.Add(Word(event.old_state) + " -> " + Word(event.new_state) + " (" + Word(event.reason) +
           ")");
  if (event.certainty != Certainty::kUnspecified) {
    line.Add(Word(event.certainty));
  }
  for (const AckType skipped : event.skipped) {
    line.Field("skipped", Word(skipped));
  }
  return line.Code(event.code).str();
}

std::string Text(const RetryEvent& event) {
  Line line(Bracketed(event.key.id));
  line.Add("retry (" + Word(event.reason) + ")").Field("attempt", event.attempt);
  if (event.delivery_count != 0) {
    line.Field("deliveries", event.delivery_count);
  }
  return line.Field("backoff", event.backoff.count()).str();
}

std::string Text(const ProgressEvent& event) {
  Line line(Bracketed(event.key.id));
  line.Add("progress").Field("number", event.progress_number);
  if (event.percent) {
    line.Field("percent", *event.percent);
  }
  return line.str();
}

std::string Text(const AnomalyEvent& event) {
  Line line(Bracketed(event.id));
  line.Add("anomaly " + Word(event.kind));
  if (event.type != AckType::kUnspecified) {
    line.Add(Pair(event.type, event.status));
  }
  return line.Field("attempt", event.attempt).Add("from " + event.peer.str()).str();
}

std::string Text(const AlertEvent& event) {
  return Line(Bracketed(event.key.id))
      .Add("alert " + Word(event.state))
      .Add("(" + Word(event.reason) + ")")
      .Code(event.code)
      .str();
}

std::string Text(const ExecutionEvent& event) {
  return Line(Bracketed(event.key.id)).Add("execution").Field("attempt", event.attempt).str();
}

}  // namespace

std::string ToText(const Event& event) {
  return std::visit([](const auto& value) { return Text(value); }, event);
}

std::string ToText(const Effect& effect) {
  return std::visit([](const auto& value) { return Text(value); }, effect);
}

std::string ToText(const Effects& effects) {
  std::string text;
  for (const Effect& effect : effects) {
    text += ToText(effect) + "\n";
  }
  return text;
}

}  // namespace cmb::lifecycle
