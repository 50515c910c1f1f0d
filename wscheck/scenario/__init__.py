"""Scenarios: how to open sessions and what to do in them, as data, and a player that does no I/O."""

from __future__ import annotations

from wscheck.scenario.actions import (
    Action,
    Answered,
    Call,
    Close,
    Drop,
    GiveUp,
    Send,
    StepOutcome,
    Unasked,
    Unsent,
    Wait,
)
from wscheck.scenario.barriers import Meetings
from wscheck.scenario.load import check_names, load_scenario
from wscheck.scenario.model import Deadlines, Probe, Scenario, SessionScript
from wscheck.scenario.plans import NOTHING, AuthPlan, HeaderPlan, HttpRequest, ReadyCheck, Revision, SubprotocolPlan
from wscheck.scenario.play import Player
from wscheck.scenario.prepare import prepare, prepare_credentials
from wscheck.scenario.where import Wanted, compile_where

__all__ = [
    "NOTHING",
    "Action",
    "Answered",
    "AuthPlan",
    "Call",
    "Close",
    "Deadlines",
    "Drop",
    "GiveUp",
    "HeaderPlan",
    "HttpRequest",
    "Meetings",
    "Player",
    "Probe",
    "ReadyCheck",
    "Revision",
    "Scenario",
    "Send",
    "SessionScript",
    "StepOutcome",
    "SubprotocolPlan",
    "Unasked",
    "Unsent",
    "Wait",
    "Wanted",
    "check_names",
    "compile_where",
    "load_scenario",
    "prepare",
    "prepare_credentials",
]
