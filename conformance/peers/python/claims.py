"""What the peer says of itself in its PICS: one profile for all roles, and its features."""

from generated import Feature, Profile

FEATURES = (Feature.ORDERED, Feature.BATCH_ACK, Feature.FALLBACK, Feature.CIRCUIT_BREAKER,
            Feature.CONDITIONAL_ACK, Feature.CURVE, Feature.VIRTUAL_CLOCK,
            Feature.INLINE_FRAMES, Feature.INLINE_HEADERS)
OF_THE_HARNESS = {Feature.VIRTUAL_CLOCK, Feature.INLINE_FRAMES, Feature.INLINE_HEADERS}


class Claims:
    """What is declared is done; what is not, is refused. Spec: chapter profiles and PICS."""

    def __init__(self, profile=Profile.DURABLE, without=()):
        self.profile = profile
        self.core = profile == Profile.CORE
        self.durable = profile == Profile.DURABLE
        self.tracked = self.durable or profile == Profile.TRACKED
        # Holding work is for those who can say IN_PROGRESS.
        idle = set(without) | (set() if self.tracked else {Feature.CONDITIONAL_ACK})
        if self.core:  # The features of the protocol are for BASIC and above.
            idle |= set(FEATURES) - OF_THE_HARNESS
        self.features = [feature for feature in FEATURES if feature not in idle]

    def has(self, feature):
        return feature in self.features
