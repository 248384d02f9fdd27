"""Why a login failed. The peer learns that it did; why is for the log."""


class Unauthorized(Exception):
    """Whoever it is, they may not do this."""


class LoginFailed(Exception):
    """A login failed, for whatever reason."""


class UnauthorizedLogin(LoginFailed, Unauthorized):
    """The name or the password is wrong. It doesn't say which, as that would help to guess names."""


class UnhandledCredentials(LoginFailed):
    """The portal has no checker for such credentials: the program offered a way to log in that it can't check."""


class LoginDenied(LoginFailed):
    """The name and the password are right, and the realm refuses all the same: too often, too many, not today."""
