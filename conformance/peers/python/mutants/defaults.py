"""Senders and routers in which one default of a policy is wrong."""

from generated import Code, State
from mutants.registry import mutant
from router import Router
from sender import Sender

ALONE = "sender/an-absent-policy-means-the-defaults"
IN_PART = "sender/a-policy-in-part-leaves-the-rest-to-the-defaults"


def wrong_default(name, field, value, killer):
    """Registers a sender whose record has `value` where the policy was silent."""
    def transmit(self, rec):
        if rec.attempt == 0 and field not in {f.name for f, _ in rec.header.policy.ListFields()}:
            setattr(rec.policy, FIELD_OF.get(field, field), value)
        Sender.transmit(self, rec)

    make = type(name, (Sender,), {"transmit": transmit,
                                  "__doc__": f"The default of {field} is {value}."})
    mutant(name, "CMB-TMR-002", killer)(make)


FIELD_OF = {"backoff_first_ms": "first_ms", "backoff_factor": "factor", "backoff_max_ms": "max_ms"}
wrong_default("default-router-ack", "router_ack_ms", 2000, ALONE)
wrong_default("default-delivery-ack", "delivery_ack_ms", 5000, ALONE)
wrong_default("default-execution", "execution_ms", 30_000, ALONE)
wrong_default("default-max-retries", "max_retries", 5, ALONE)
wrong_default("default-backoff-first", "backoff_first_ms", 500, ALONE)
wrong_default("default-backoff-factor", "backoff_factor", 1.5, ALONE)
wrong_default("default-backoff-max", "backoff_max_ms", 60_000, IN_PART)
wrong_default("default-retryable", "retryable", frozenset({Code.BUFFER_FULL, Code.ACK_TIMEOUT}),
              "sender/codes-that-are-retried-by-default*")


@mutant("default-required-ack", "CMB-TMR-002", ALONE)
class DefaultRequiredAck(Sender):
    """Without a policy a message is done when it is delivered."""

    def transmit(self, rec):
        if not rec.header.policy.required_ack:
            rec.required_state = State.DELIVERED
        super().transmit(rec)


@mutant("no-number-is-the-least", "CMB-TMR-002", "router/a-factor-that-is-no-number*")
class NoNumberIsTheLeast(Router):
    """A backoff_factor of NaN is taken for 1.0, the lowest that there is."""

    def count_anew(self, rec):
        if rec.header.policy.backoff_factor != rec.header.policy.backoff_factor:
            rec.policy.factor = 1.0
        super().count_anew(rec)
