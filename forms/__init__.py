"""One schema per step: validate the answers, render the questions."""
