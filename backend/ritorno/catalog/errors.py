"""Refusals of the catalogue."""

from ritorno.kit.problems import Problem


class CategoryNotFound(Problem):
    status = 404
    code = "category-not-found"
    title = "There is no such category"
