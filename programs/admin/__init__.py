"""What staff do with the directory, the most used first: the start page lists it in this order."""

# isort: off
from programs.admin.programs import ProgramAdmin
from programs.admin.corrections import CorrectionAdmin
from programs.admin.letters import LetterAdmin

__all__ = ["CorrectionAdmin", "LetterAdmin", "ProgramAdmin"]
