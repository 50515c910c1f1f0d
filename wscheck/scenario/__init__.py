"""Scenarios: how to open a session and what to do in it, as data, and a player that does no I/O."""

from __future__ import annotations

from wscheck.scenario.load import load_scenario
from wscheck.scenario.model import AuthPlan, Deadlines, Scenario, SessionScript, SubprotocolPlan
from wscheck.scenario.names import check_names
from wscheck.scenario.play import Action, Close, GiveUp, Player, Send, StepOutcome, Wait
from wscheck.scenario.variables import prepare

__all__ = [
    "Action",
    "AuthPlan",
    "Close",
    "Deadlines",
    "GiveUp",
    "Player",
    "Scenario",
    "Send",
    "SessionScript",
    "StepOutcome",
    "SubprotocolPlan",
    "Wait",
    "check_names",
    "load_scenario",
    "prepare",
]
