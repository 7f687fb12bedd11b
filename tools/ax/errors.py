# SPDX-License-Identifier: Apache-2.0
"""What the tool says when it refuses: where, what, and the mend."""


class AxError(Exception):
    """A refusal. `where` is a path with a line number when one is known, `mend` what the user can do about it."""

    def __init__(self, what, where="", mend=""):
        super().__init__(what)
        self.what, self.where, self.mend = what, str(where), mend

    def __str__(self):
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n  mend: {self.mend}" if self.mend else text


def nearest(name, known):
    """`; did you mean "x"?` for a misspelt name, or nothing."""
    import difflib
    close = difflib.get_close_matches(name, list(known), 1)
    return f'did you mean "{close[0]}"?' if close else ""
