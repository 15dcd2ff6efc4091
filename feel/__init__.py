"""FEEL, the expression language of DMN: parse, compile, evaluate, within limits."""
