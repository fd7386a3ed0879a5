"""The machine of each role."""

import core
from generated import Role
from router import Router
from sender import Sender
from target import Target

ROLES = {Role.SENDER: Sender, Role.ROUTER: Router, Role.TARGET: Target}


def roles_of(claims):
    return core.ROLES if claims.core else ROLES
