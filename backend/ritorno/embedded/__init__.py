"""PostgreSQL and Valkey from wheels, in a local folder, for `ritorno up` and the tests (STACK.md).

Tests call `with embedded.test_services() as services:` once a session, and
`embedded.create_database_from_template(services, name)` for each database they need.
"""

from ritorno.embedded.folder import DataFolder, FolderInUse, Services
from ritorno.embedded.processes import EmbeddedError
from ritorno.embedded.testing import create_database_from_template, drop_database, test_services

__all__ = [
    "DataFolder",
    "EmbeddedError",
    "FolderInUse",
    "Services",
    "create_database_from_template",
    "drop_database",
    "test_services",
]
