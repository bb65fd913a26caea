"""THE table: how each kind of file is loaded."""

from ritorno.imports.loading.answers import ConsentLoader, SuppressionLoader
from ritorno.imports.loading.customers import CustomerLoader
from ritorno.imports.loading.keyed import BalanceLoader, ProductLoader, StoreLoader
from ritorno.imports.loading.rows import Loader, Plan
from ritorno.imports.loading.transactions import TransactionLoader
from ritorno.imports.rules import ImportKind
from ritorno.kit.actor import Actor

LOADERS: dict[ImportKind, type[Loader]] = {
    ImportKind.CUSTOMERS: CustomerLoader,
    ImportKind.CONSENTS: ConsentLoader,
    ImportKind.TRANSACTIONS: TransactionLoader,
    ImportKind.PRODUCTS: ProductLoader,
    ImportKind.STORES: StoreLoader,
    ImportKind.BALANCES: BalanceLoader,
    ImportKind.SUPPRESSIONS: SuppressionLoader,
}


def loader_of(kind: ImportKind, plan: Plan, actor: Actor) -> Loader:
    return LOADERS[kind](plan, actor)
