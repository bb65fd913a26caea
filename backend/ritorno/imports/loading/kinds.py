"""THE table: how each kind of file is loaded."""

from ritorno.imports.loading.customers import CustomerLoader
from ritorno.imports.loading.rows import Loader, Plan
from ritorno.imports.rules import ImportKind
from ritorno.kit.actor import Actor

LOADERS: dict[ImportKind, type[Loader]] = {
    ImportKind.CUSTOMERS: CustomerLoader,
}


def loader_of(kind: ImportKind, plan: Plan, actor: Actor) -> Loader:
    return LOADERS[kind](plan, actor)
