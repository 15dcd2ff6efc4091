"""The elements of a diagram at run time: the library's task specifications with our behaviour."""
