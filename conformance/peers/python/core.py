"""The three roles at the level CORE: no RECEIPT, no delivery, no certainty, no alerts, no anomalies.

Spec: chapter 1. What a CORE implementation does not do it drops, and is told of nothing more.
"""

from generated import AckType, Anomaly, Certainty, Role, Status
from router import Router
from sender import Sender
from target import Target

TOLD_BY_BASIC = {"anomaly", "alert", "progress"}
HEARD = (AckType.ROUTER_ACK, AckType.EXECUTION_ACK)


class Core:
    """What no role of this level tells."""

    def emit(self, **kind):
        if "transition" in kind:
            kind["transition"].certainty = Certainty.UNSPECIFIED
            del kind["transition"].details.skipped[:]
        if not kind.keys() & TOLD_BY_BASIC:
            super().emit(**kind)

    def transaction(self, source, message_id):
        told = super().transaction(source, message_id)
        for field in ("certainty", "alert", "views", "dead_letter") if told else ():
            told.ClearField(field)
        return told


class CoreSender(Core, Sender):
    """ROUTER_ACK and the terminal EXECUTION_ACK are all that it hears, and its end is the end."""

    def judge(self, source, ack):
        if ack.ack_type not in HEARD or ack.status == Status.IN_PROGRESS:
            return Anomaly.UNEXPECTED_ACK
        return super().judge(source, ack)

    def tell_router(self, rec, reason):
        pass

    @staticmethod
    def may_be_reconciled(state, reason):
        return False


class CoreRouter(Core, Router):
    """It forwards each attempt once and waits for nothing."""

    def count_anew(self, rec):
        rec.forwards = 0

    def waits(self, rec):
        return False

    def plan_redelivery(self, rec):
        pass

    def on_sender_ack(self, rec, header, ack, frames):
        pass

    def on_receipt(self, rec, ack):
        pass

    def delivered(self, rec, ack, reason):
        pass

    def tell_delivery(self, rec, ack):
        pass


class CoreTarget(Core, Target):
    """It says the end of the work, and nothing else."""

    def receipt(self, *_):
        pass


ROLES = {Role.SENDER: CoreSender, Role.ROUTER: CoreRouter, Role.TARGET: CoreTarget}
