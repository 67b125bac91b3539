"""What shapes of the API have in common."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """What is sent or answered; a field that is not known is refused, so that a slip of the pen is told."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class NoQuestion(Shape):
    """No parameters."""
