"""The profile: the latest version of each of its texts, and the earlier ones (D10)."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.models import ProfileSubject, ProfileText


@dataclass(frozen=True)
class ProfileSubjectTexts:
    """A subject of the profile with its versions."""

    subject: ProfileSubject
    latest: ProfileText | None
    earlier: list[ProfileText]  # the newest first

    @property
    def text(self) -> str:
        """What is said now; empty when nothing is, or when it was taken back."""
        return self.latest.text if self.latest else ""


def profile_subjects(texts: Iterable[ProfileText]) -> list[ProfileSubjectTexts]:
    """Return all subjects in their order with their versions."""
    by_subject: dict[str, list[ProfileText]] = {subject: [] for subject in ProfileSubject.values}
    for text in sorted(texts, key=lambda text: text.number, reverse=True):
        by_subject[text.subject].append(text)
    return [
        ProfileSubjectTexts(subject, versions[0] if versions else None, versions[1:])
        for subject, versions in ((subject, by_subject[subject]) for subject in ProfileSubject)
    ]
