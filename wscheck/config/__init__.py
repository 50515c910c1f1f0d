"""Configuration: wscheck.toml or [tool.wscheck], its environments, credentials and profiles, and what they settle."""

from __future__ import annotations

from wscheck.config.find import find_config
from wscheck.config.load import load_config
from wscheck.config.model import Config, Environment, Profile
from wscheck.config.settle import choose_environment, choose_profile, settle_auth

__all__ = [
    "Config",
    "Environment",
    "Profile",
    "choose_environment",
    "choose_profile",
    "find_config",
    "load_config",
    "settle_auth",
]
