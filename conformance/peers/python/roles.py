"""The machine of each role."""

from generated import Role
from router import Router
from sender import Sender
from target import Target

ROLES = {Role.SENDER: Sender, Role.ROUTER: Router, Role.TARGET: Target}
