"""The career framework as typed, checked values."""

from coach.framework.files import Frozen, Problem, Text, read_yaml
from coach.framework.load import load_framework, read_framework
from coach.framework.premises import false_premise
from coach.framework.schema import Countable, Framework, Profession, Statement

__all__ = [
    "Countable",
    "Framework",
    "Frozen",
    "Problem",
    "Profession",
    "Statement",
    "Text",
    "false_premise",
    "load_framework",
    "read_framework",
    "read_yaml",
]
