from tests.access.conftest import _committed_projects, two_projects

__all__ = ["_committed_projects", "two_projects"]
