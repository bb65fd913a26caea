"""Why an archive is not loaded."""

from ritorno.kit.problems import Problem


class LakeBusy(Problem):
    status = 409
    code = "lake-busy"
    title = "Another load is writing to the lake"


class LayoutInvalid(Problem):
    status = 422
    code = "layout-invalid"
    title = "The layout does not describe this archive"
