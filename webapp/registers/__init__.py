"""Policyholders, policies and the other registers, and their import."""
