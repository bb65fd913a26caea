"""Refusals of transactions."""

from ritorno.kit.problems import Problem


class TransactionNotFound(Problem):
    status = 404
    code = "transaction-not-found"
    title = "There is no such transaction"


class CustomerUnknown(Problem):
    status = 422
    code = "customer-unknown"
    title = "No customer has this id"
