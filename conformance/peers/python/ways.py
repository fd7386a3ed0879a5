"""Which sockets a module has, and to which router each leads.

Spec: chapters wire (3.1), fallback (18.1).
"""

INGRESS = "ack_ingress"  # Modules speak, the router listens.
EGRESS = "ack_egress"    # The router speaks, modules listen.


class Ways:
    """Sockets by name, router by router in Configure order. The first router has no name: None."""

    def __init__(self, channels, others=()):
        """`others`: (name, channels) of each other router."""
        self.are_several = bool(others)
        self.names = []
        self.channels = []
        self._routers = {}
        for router, own in [(None, channels), *others]:
            self.channels += own
            sockets = [*own, self.ingress(router), self.egress(router)]
            self.names += sockets
            self._routers.update(dict.fromkeys(sockets, router))

    @staticmethod
    def ingress(router):
        return INGRESS if router is None else f"{INGRESS}/{router}"

    @staticmethod
    def egress(router):
        return EGRESS if router is None else f"{EGRESS}/{router}"

    def router_of(self, socket):
        return self._routers.get(socket)

    def is_ingress(self, socket):
        return socket == self.ingress(self.router_of(socket))

    def is_egress(self, socket):
        return socket == self.egress(self.router_of(socket))


def ways_of(configure):
    """CMB-CTL-047"""
    return Ways([channel.name for channel in configure.channels],
                [(other.name, [channel.name for channel in other.channels])
                 for other in configure.other_routers])


def addresses_of(configure):
    """One for each socket, in their order."""
    return [address for router in (configure, *configure.other_routers)
            for address in (*(channel.address for channel in router.channels), router.ack_ingress,
                            router.ack_egress)]
