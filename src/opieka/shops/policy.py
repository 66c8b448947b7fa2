"""Which role may do what."""

from __future__ import annotations

from collections.abc import Mapping

from opieka.shops.types import Permission, Role

PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.LEAD: frozenset(
        {
            Permission.READ,
            Permission.ANSWER,
            Permission.MERGE,
            Permission.IMPORT,
            Permission.PRIVACY,
            Permission.REPAIR,
            Permission.EXPORT,
        }
    ),
    Role.AGENT: frozenset({Permission.READ, Permission.ANSWER, Permission.MERGE}),
    Role.ASSOCIATE: frozenset({Permission.READ, Permission.ANSWER}),
    Role.ANALYST: frozenset({Permission.READ}),
}


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """The roles that carry a permission, strongest first."""
    return tuple(role for role in Role if permission in PERMISSIONS[role])
