"""Slides whose content every build finds out anew: checks don't compare it between two builds."""

from lecture.slides import Slide


class Counted(Slide):
    """A slide whose figures are counted anew by every build."""

    of_this_build = True
