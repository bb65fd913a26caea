"""Refusals of identity."""

from ritorno.kit.problems import Problem


class NotSignedIn(Problem):
    status = 401
    code = "not-signed-in"
    title = "Sign in or send a token"


class SignInFailed(Problem):
    """One sentence for a wrong email and a wrong password alike."""

    status = 401
    code = "sign-in-failed"
    title = "Email or password is not right"


class CodeRequired(Problem):
    status = 401
    code = "code-required"
    title = "The six-digit code is needed"


class TooManyTries(Problem):
    status = 429
    code = "too-many-tries"
    title = "Too many tries: wait fifteen minutes"


class Forbidden(Problem):
    status = 403
    code = "forbidden"
    title = "This is not among what you may do"


class ForeignOrigin(Problem):
    status = 403
    code = "foreign-origin"
    title = "This request did not come from Ritorno's own pages"


class StepUpRequired(Problem):
    status = 403
    code = "step-up-required"
    title = "Confirm it is you first"


class UserNotFound(Problem):
    status = 404
    code = "user-not-found"
    title = "There is no such member of staff"


class TokenNotFound(Problem):
    status = 404
    code = "token-not-found"
    title = "There is no such token"


class EmailTaken(Problem):
    status = 409
    code = "email-taken"
    title = "Somebody on the staff has this email already"


class LastOwner(Problem):
    status = 409
    code = "last-owner"
    title = "The business must keep one owner"


class WeakPassword(Problem):
    status = 422
    code = "weak-password"
    title = "This password is too easy to guess"
