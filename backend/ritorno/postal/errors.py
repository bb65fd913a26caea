"""What letters refuse."""

from ritorno.kit.problems import Problem


class LetterBatchNotFound(Problem):
    status = 404
    code = "letter-batch-not-found"
    title = "There is no such batch of letters"


class LetterBatchNotReady(Problem):
    """`state` says what it is doing."""

    status = 409
    code = "letter-batch-not-ready"
    title = "This batch is not ready to be printed or posted"


class LetterBatchPosted(Problem):
    status = 409
    code = "letter-batch-posted"
    title = "What was posted cannot be cancelled"


class LettersToRemove(Problem):
    """`numbers` are the pieces to take from the pile before it is posted."""

    status = 409
    code = "letters-to-remove"
    title = "Some printed letters may not leave any more"


class PostNotReady(Problem):
    status = 409
    code = "post-not-ready"
    title = "No letter may leave before the operator's terms are accepted"
