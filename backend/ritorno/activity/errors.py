"""Refusals of the activity domain."""

from ritorno.kit.problems import Problem


class TaskNotFound(Problem):
    status = 404
    code = "task-not-found"
    title = "There is no such task"
